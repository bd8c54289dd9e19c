/** That the documents do not say, in the language of the question. */
const NOT_FOUND: Readonly<Record<string, string>> = {
  en: 'Not in the documents: they hold no answer to this question.',
  de: 'Nicht in den Dokumenten: Sie beantworten diese Frage nicht.',
  fr: 'Pas dans les documents : ils ne répondent pas à cette question.',
  es: 'No está en los documentos: no responden a esta pregunta.',
  it: 'Non è nei documenti: non rispondono a questa domanda.',
  pt: 'Não está nos documentos: eles não respondem a esta pergunta.',
  ru: 'В документах этого нет: ответа на этот вопрос они не содержат.',
  zh: '文档中没有：其中没有这个问题的答案。',
  ja: '文書にありません：この質問への答えは含まれていません。',
}

export function notFoundPhrase(language: string): string {
  return NOT_FOUND[language] ?? NOT_FOUND['en']!
}
