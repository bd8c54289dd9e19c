/**
 * How much a term in the title column of the keyword index counts, against 1 for one in the body: the number of hits in
 * a column is multiplied by its weight before BM25 saturates it. Lengths are not weighted.
 */
export const TITLE_WEIGHT = 2.0
