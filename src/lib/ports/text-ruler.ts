/** Measures text, and cuts it below the chunk. Pure; time grows with the length of the text, whatever is in it. */
export interface TextRuler {
  /** An estimate that never grows when a text is cut in two at white space. */
  countTokens(text: string): number
  /** `[start, end)` of each sentence, in order, without white space around it. Everything else of the text is white space. */
  sentences(text: string): readonly (readonly [number, number])[]
}
