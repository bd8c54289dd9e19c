const set = (text: string): ReadonlySet<string> => new Set(text.split('|').map((it) => it.trim()))

/** Headings under which there are links, not statements. */
const NAVIGATION = set(
  `contents|table of contents|toc|index|links|references|see also|further reading|next steps|what's next|what’s next|license|licence|copyright|changelog|credits|acknowledgements|acknowledgments|resources|related|related pages|related topics|learn more|more information|additional resources|contributors|authors|for more information|where to go next
  |inhalt|inhaltsverzeichnis|siehe auch|weiterführende links|weblinks|lizenz|quellen|literatur|impressum|einzelnachweise
  |sommaire|table des matières|voir aussi|liens|liens externes|licence|références
  |contenido|índice|tabla de contenidos|véase también|ver también|referencias|enlaces|licencia
  |indice|sommario|vedi anche|riferimenti|collegamenti|licenza|conteúdo|sumário|ver também|referências|licença
  |inhoud|zie ook|referenties|cuprins|vezi și|referințe|içindekiler|ayrıca bakınız|kaynakça|lisans|mục lục|xem thêm|tham khảo
  |innehåll|se även|indhold|se også|innhold|sisällys|katso myös|tartalom|lásd még|daftar isi|lihat juga|spis treści|zobacz też|obsah|viz také
  |содержание|оглавление|см. также|ссылки|литература|лицензия|зміст|див. також|посилання|ліцензія
  |περιεχόμενα|δείτε επίσης|βλέπε επίσης|αναφορές|المحتويات|انظر أيضا|انظر أيضًا|مراجع|विषय सूची|संदर्भ|यह भी देखें
  |สารบัญ|ดูเพิ่ม|อ้างอิง|目录|参考资料|参考文献|另请参阅|相关链接|许可证|目次|参考|関連項目|목차|참고|같이 보기`,
)

/** Headings that say nothing of what stands under them. */
const GENERIC = set(
  `introduction|overview|summary|example|examples|usage|note|notes|background|details|description|general|other|misc|miscellaneous|conclusion|faq|about|basics|definition|features|key features|options|parameters|arguments|returns|output|input|step|steps|result|results|options and arguments|key points|prerequisites|requirements|installation|setup|quick start|quickstart|getting started|configuration|tips|troubleshooting
  |einleitung|einführung|überblick|übersicht|zusammenfassung|beispiel|beispiele|hinweis|hinweise|allgemeines|fazit
  |aperçu|résumé|exemple|exemples|remarque|remarques|généralités|conclusión|introducción|resumen|ejemplo|ejemplos|nota|notas
  |introduzione|panoramica|riepilogo|esempio|esempi|note|introdução|visão geral|resumo|exemplo|exemplos
  |inleiding|overzicht|samenvatting|voorbeeld|introducere|rezumat|exemplu|giriş|özet|örnek|giới thiệu|tổng quan|ví dụ
  |введение|обзор|пример|примеры|заключение|примечание|вступ|огляд|приклад|εισαγωγή|επισκόπηση|παράδειγμα
  |مقدمة|نظرة عامة|مثال|परिचय|अवलोकन|उदाहरण|บทนำ|ภาพรวม|ตัวอย่าง|简介|介绍|概述|概要|示例|例子|说明|はじめに|例|개요|소개|예`,
)

const GLOSSARY =
  /\b(glossary|terminology|terms|definitions|vocabulary|words|concepts|glossar|begriffe|wörter|glossaire|vocabulaire|termes|glosario|términos|glossario|termini|termos|woordenlijst|begrippen|glosar|termeni|sözlük|terimler|thuật ngữ|ordlista|ordliste|sanasto|szójegyzék|glosarium|słownik|slovníček|pojmy)\b|глоссарий|термины|словарь|глосарій|терміни|γλωσσάρι|όροι|مسرد|مصطلحات|शब्दावली|อภิธานศัพท์|คำศัพท์|术语|词汇|用語|용어/iu

/** Things that stand before a colon and are no terms. */
const LABELS = set(
  `note|notes|tip|tips|warning|caution|important|example|examples|e.g|see|hint|info|danger|attention|todo|q|a|question|answer|author|date|version|source|url|license|licence|email|phone|page|figure|table|step|ps|update|options|usage|arguments|commands|parameters|returns|type|defaults|parent|summary
  |hinweis|hinweise|achtung|tipp|beispiel|wichtig|quelle|frage|antwort|remarque|attention|exemple|astuce|nota|ejemplo|importante|aviso|consejo|esempio|attenzione|exemplo|let op|voorbeeld|notă|exemplu|not|örnek|uyarı|lưu ý|ví dụ
  |примечание|внимание|пример|важно|σημείωση|παράδειγμα|ملاحظة|مثال|नोट|उदाहरण|หมายเหตุ|ตัวอย่าง|注意|注|提示|例|示例|警告|備考|참고`,
)

/** A heading without the number that it has in its document: `3.1 Install` is `Install`. */
export const withoutNumber = (heading: string): string =>
  heading.replace(/^(?:\d{1,3}(?:\.\d{1,3})*[.)]?|[§A-Z]\.?\d+[.)]?)\s+(?=\p{L}[\p{L}\p{M}])/u, '')

const key = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/^[\d.\s§)]+|[\s:：.!]+$/g, '')
    .trim()

export const isNavigation = (heading: string): boolean => NAVIGATION.has(key(heading))
export const isGeneric = (heading: string): boolean => GENERIC.has(key(heading))
export const isGlossary = (heading: string): boolean => GLOSSARY.test(heading)
export const isLabel = (word: string): boolean => LABELS.has(key(word))
