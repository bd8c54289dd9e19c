#!/usr/bin/env bash
# Shows what rag does, with the corpus in examples/corpus. Keeps its store in a new temporary folder and says where.
# Ends with a code other than 0 when any step fails.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
if [ ! -f dist/cli/main.js ]; then npm run --silent build; fi

RAG_DATA_DIR=$(mktemp -d "${TMPDIR:-/tmp}/rag-demo.XXXXXX")
export RAG_DATA_DIR
trap 'code=$?; if [ $code -ne 0 ]; then printf "\nThe demo failed (exit %s). Its store is in %s\n" "$code" "$RAG_DATA_DIR" >&2; fi' EXIT

rag() { node "$root/bin/rag.js" "$@"; }
say() { printf '\n# %s\n' "$*"; }
run() {
  printf '\n$ %s\n' "$1"
  eval "$1"
}

printf 'rag stands here for: node bin/rag.js\nThe store is in %s\n' "$RAG_DATA_DIR"

say 'Read a folder: Markdown, text, HTML, reStructuredText, CSV, JSON, XML, code; two languages. No model is downloaded.'
run 'rag ingest --dir examples/corpus'
say 'The same again: nothing has changed, so nothing is done.'
run 'rag ingest --dir examples/corpus'

say 'Exact words and identifiers, by keyword.'
run 'rag search TW-4031 --mode keyword --top-k 2'
say 'By meaning: vectors that were learned from these documents alone.'
run "rag search 'my insects flew away' --mode vector --top-k 3"
say 'Both together, which is the default; --explain shows what each side thought.'
run "rag search 'parental leave when a baby is born' --top-k 3 --explain"
say 'German words are cut and stemmed by German rules.'
run "rag search 'Was hilft gegen Schnecken?' --top-k 2"
say 'Only documents whose front matter says so.'
run "rag search 'colony in danger' --filter topic=bees --filter 'year>=2025' --top-k 2"

say 'For scripts: paths ...'
run "rag search 'dense bread' --format files -0 --top-k 2 | xargs -0 wc -w"
say '... or JSON.'
run "rag search 'how do I get a refund' --json --top-k 1 | node -p 'const {hits: [hit]} = JSON.parse(fs.readFileSync(0)); hit.chunk_id + \": \" + hit.title'"

say 'A question, answered with sentences of the documents, and where they stand.'
run "rag ask 'how many days of parental leave do I get?'"
say 'Out of the store as batches with checksums, and into another one: the same corpus, without embedding anything.'
run 'rag export --out "$RAG_DATA_DIR/export" --compress gzip'
run 'rag replay --glob "$RAG_DATA_DIR/export/*.msgpack.gz" --corpus copy'

say 'How the store is.'
run 'rag status'

cat <<END

What to try next, in this shell:

  alias rag='node $root/bin/rag.js'
  export RAG_DATA_DIR=$RAG_DATA_DIR
  rag search 'where are we without satellites'
  rag search --queries examples/questions.jsonl --top-k 1
  rag docs show bees/varroa.md --chunks
  rag ingest --dir YOUR-FOLDER --corpus mine && rag search YOUR QUESTION --corpus mine
  rag --help

And when you have seen enough: rm -r $RAG_DATA_DIR
END
