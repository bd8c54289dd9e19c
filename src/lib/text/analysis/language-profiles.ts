/** What gives a language away among those of its script. */
export interface LanguageProfile {
  readonly language: string
  /** Frequent words, seldom words of another language of the script: each counts 2. */
  readonly telling: string
  /** Frequent words shared with other languages or with programming languages: each counts 1. */
  readonly shared: string
  /** Letters seldom used by others of the script: each counts 1. */
  readonly letters: string
}

const profile = (language: string, telling: string, shared: string, letters = ''): LanguageProfile => ({
  language,
  telling,
  shared,
  letters,
})

/** Languages in Latin letters. */
export const LATIN_PROFILES: readonly LanguageProfile[] = [
  profile(
    'en',
    'the of and to that was were are which by have has had been their its they it this these those he she his would could should about between there how did does who what many because into such my your our after before you when where why whose',
    'is in as for with from not be an on at or if can but we all more than will then out some any do no',
  ),
  profile(
    'de',
    'der und das ist nicht ein eine einer einen einem eines dem den des mit von zu auf für als auch sich werden wird wurde wurden im zum zur bei aus nach oder über durch wie wer welche welcher welches sind haben hat sie ich wir man nur noch aber diese dieser dieses wann warum wo',
    'die in an es er so war was um bis',
    'äöüß',
  ),
  profile(
    'fr',
    'le les des et est dans du une pour qui par au sur avec sont pas plus ce cette ces été ont il elle ils aux nous vous être leur leurs mais comme aussi quel quelle quels quelles où quand combien pourquoi comment fait était entre deux après ou son ses',
    'la de un en que on se ne si sa tout or',
    'éèêçàùœûîôë',
  ),
  profile(
    'es',
    'el los las del por con para una es son como más fue al su sus lo pero este esta estos estas ha han también entre sobre desde cuando donde qué cuál cuáles quién quiénes cuántos cuántas cómo dónde cuándo muy sin hasta había era fueron está',
    'de la en que un se no si le me ya',
    'ñ¿¡áíóú',
  ),
  profile(
    'it',
    'il gli di che è una per con del della dei delle nel nella sono come più anche alla al dal dalla si ha hanno questo questa questi sono stato stata ma cosa chi dove quando perché quali quale quanti essere loro suo sua tra fra degli ai',
    'la le lo un in da non se su',
    'àèìòù',
  ),
  profile(
    'pt',
    'do da dos das em uma para com não os ao aos na no nas nos pelo pela são foi como mais por também ou seu sua seus suas entre sobre quando muito já até isso esta este está quem qual quais onde quantos ele ela eles foram ser tem',
    'de que um as se é',
    'ãõçáéíóúâêô',
  ),
  profile(
    'nl',
    'het een van en dat niet zijn voor met op te aan ook door naar bij uit om als maar wordt werd worden heeft hebben had deze dit die wat wie welke waar wanneer hoeveel hoe waarom over nog of er hij zij ze ik we kan meer tot tussen was',
    'de in is on',
    'ĳ',
  ),
  profile(
    'ro',
    'și în din este care cu pe pentru sunt mai nu că prin sau fost dintre după ale unui unei fi al lui ce au între către această acest aceste câte câți când unde cine cum decât despre până fiind era',
    'de la un se le',
    'ăîâșțşţ',
  ),
  profile(
    'tr',
    've bir bu için ile olarak da de olan çok daha gibi kadar sonra ne hangi kaç kim nasıl nerede zaman ancak en ise veya değil her tarafından olduğu olduğunu vardır üzerinde göre ya önce hem ki arasında neden',
    'mi',
    'ışğçöüİ',
  ),
  profile(
    'vi',
    'của là và các một được trong những cho có không với này đã người năm như từ khi đó ở để về nào gì bao nhiêu tại sao ai bị ra vào theo nhưng cũng lại hơn nhất hay đến',
    'do con hai',
    'ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹàáãèéìíòóõùúýĩũ',
  ),
  profile(
    'sv',
    'och att det som är på av för med den till inte ett har om ett var från vid eller kan när också sig han hon vi jag men efter hur vad vem vilka vilken vilket där under mellan blev deras sina ska över',
    'en de',
    'åäö',
  ),
  profile(
    'da',
    'og det er af til på med den ikke et har som ved fra blev var kan også sig han hun jeg vi men efter hvor hvad hvem hvilke hvilken hvilket hvornår eller deres efter mellem blevet være over nogle mange af',
    'en de at for om',
    'æøå',
  ),
  profile(
    'no',
    'og det er av til på med den ikke et har som ved fra ble var kan også seg han hun jeg vi men etter hvor hva hvem hvilke hvilken hvilket når eller deres mellom blitt være over noen mange av',
    'en de at for om',
    'æøå',
  ),
  profile(
    'fi',
    'ja on oli ei se että joka jotka ovat hän mutta kun myös kuin tai sen sekä mukaan vuonna olla ollut sitä mikä mitä missä milloin kuka kuinka monta miksi ne hänen voi niin kanssa jälkeen olivat',
    'en me te',
    'äö',
  ),
  profile(
    'hu',
    'az és hogy nem egy is volt van csak meg ez azt már még mint vagy ki mi hol mikor hány melyik milyen miért hogyan lehet kell után ezt amely aki akik voltak szerint által között mely nagyon',
    'el de be se',
    'őűáéíóöúü',
  ),
  profile(
    'id',
    'yang dan di dari untuk dengan pada adalah ini itu dalam tidak akan oleh ke juga telah karena sebagai atau mereka bisa ada saya kami lebih apa siapa kapan mana berapa bagaimana mengapa seperti dapat tersebut menjadi bahwa',
    'para an se',
  ),
  profile(
    'lt',
    'ir yra kad iš su į tai kaip buvo bet ar jo už apie ne po nuo taip pat tik jis ji jie kuris kuri kurie prie dėl pagal per jau dar kas kada kur kodėl kiek',
    '',
    'ėįųūšžčąę',
  ),
  profile(
    'ga',
    'agus tá bhí sé sí leis ag níl nach mar seo sin ach ó chun faoi atá raibh cad cé cén conas bhfuil siad mé tú ní',
    'do le an na ar is go',
    'áéíóú',
  ),
  profile(
    'pl',
    'na się nie że jest do jak po przez dla od są był była było oraz ale który która które lub może ten tym tego co kto gdzie kiedy ile dlaczego jego jej ich także już tylko przy',
    'to za',
    'ąęłśźżćńó',
  ),
  profile(
    'cs',
    'je se na že ve jako byl byla bylo jsou které který která jeho po pro od nebo ale také podle už až kde kdy kdo co kolik proč jak jejich při tak není jsem než při ze',
    'to by do za',
    'řěůščžýáéíúťď',
  ),
  profile(
    'sk',
    'je sa na že vo ako bol bola bolo sú ktoré ktorý ktorá jeho po pre od alebo ale aj podľa už až kde kedy kto čo koľko prečo ich pri tak nie som než zo',
    'to by do za',
    'ľĺŕôäščžýáéíúťď',
  ),
  profile(
    'hr',
    'je se na da su za od kao koji koja koje nije bio bila bilo ili ali što kako ima sve samo nakon prema bi gdje kada tko koliko zašto njegov jer ovaj između također',
    '',
    'ščžćđ',
  ),
  profile(
    'sl',
    'je se na da so za od kot ki ni bil bila bilo ali pa kaj kako ima vse samo po pri bi kje kdaj kdo koliko zakaj njegov ker ta med tudi ne iz še',
    'in',
    'ščž',
  ),
  profile(
    'ca',
    'els les del amb per una és que no al dels com més van va seu seva són aquest aquesta també entre sobre quan on qui quin quina quins però fins ser ha han hi ho des',
    'el la de en un es',
    'çïàèéíòóúü·',
  ),
]

/** Languages in Cyrillic letters; the first is taken when nothing tells. */
export const CYRILLIC_PROFILES: readonly LanguageProfile[] = [
  profile(
    'ru',
    'что как его был была было были для или это они только чтобы который которые когда где кто сколько какой почему из он она при также является',
    'и в не на с по от за к о до у же',
    'ыэё',
  ),
  profile(
    'uk',
    'що як його був була було були для або це вони який які коли де хто скільки чому із він вона при також та є й до від',
    'и в не на з за у',
    'іїєґ',
  ),
  profile(
    'bg',
    'е са се че като който която които това този или когато къде кой колко защо той тя при също ще беше със във бил',
    'и в не на с по за до от',
    'ъ',
  ),
  profile(
    'sr',
    'је су се да од као који која које није био била или али што како када где ко колико зашто он она код такође',
    'и у не на с по за до',
    'јљњћђџ',
  ),
  profile(
    'mk',
    'е се да од како кој која кои што беше или кога каде колку зошто тој таа исто така во со',
    'и не на по за до',
    'ѓќѕјљњџ',
  ),
  profile(
    'be',
    'што як яго быў была было былі для або гэта яны які якія калі дзе хто колькі чаму з ён яна пры таксама',
    'і у не на па за да',
    'ўіы',
  ),
]

/** Languages in Arabic letters; the first is taken when nothing tells. */
export const ARABIC_PROFILES: readonly LanguageProfile[] = [
  profile(
    'ar',
    'في من على إلى أن التي الذي عن هذا هذه كان كانت ما هو هي كم متى أين لم قد بين بعد',
    'و',
    'ةىأإيك',
  ),
  profile('fa', 'که این است را با برای آن در از به شد بود می‌شود هم یا چه کجا چند های تا یک', 'و', 'پچژگیک'),
  profile('ur', 'کے کی کا میں ہے اور سے کو نے پر یہ ہیں تھا کہ کر جو اس بھی تھے', 'و', 'ٹڈڑںےہ'),
]

/** Languages in Devanagari; the first is taken when nothing tells. */
export const DEVANAGARI_PROFILES: readonly LanguageProfile[] = [
  profile('hi', 'के में है की और का को से ने पर हैं था यह थे एक भी कि लिए किया गया क्या कौन कितने कब कहाँ', 'न तो'),
  profile('ne', 'छ र को मा हो पनि भएको लागि छन् थियो गरेको यो तथा बाट एक हुन् के कति कहिले गर्ने', 'न'),
  profile('mr', 'आहे आणि च्या मध्ये होते होता या ते हे असे केले काय कोण किती तर मराठी नाही', 'न', 'ळ'),
]
