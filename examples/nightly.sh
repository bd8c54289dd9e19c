#!/bin/sh
# Brings a corpus up to date. Made for cron: silent when all is well, one message when it is not.
#
#   NIGHTLY_DIR     folder to ingest (needed)
#   NIGHTLY_MAILTO  who gets the list of skipped files; default root
#   RAG_DATA_DIR, RAG_CORPUS, ...: see `rag config`
#
# No lock file is needed: a corpus has one writer at a time, and a second one ends with exit code 6.
set -u
: "${NIGHTLY_DIR:?name the folder to ingest}"
export LC_ALL="${LC_ALL:-C.UTF-8}"

log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT

# --prune deletes documents whose file is gone; it refuses when the folder is empty or missing (an unmounted disk).
rag ingest --dir "$NIGHTLY_DIR" --prune --quiet >"$log" 2>&1
code=$?

case $code in
  0) ;;
  3)
    # Done, but for some files; each is named with the reason. Worth a mail, no alarm.
    if command -v mail >/dev/null 2>&1; then
      mail -s "rag: some files of $NIGHTLY_DIR were skipped" "${NIGHTLY_MAILTO:-root}" <"$log"
    else
      cat "$log" # cron mails what a job prints.
    fi
    ;;
  6)
    # Another run is still writing this corpus. The next one will find what is left.
    ;;
  130)
    # The machine is shutting down, perhaps. What was committed is safe; the next run goes on from there.
    echo "rag: the nightly run was interrupted and will go on next time" >&2
    exit 130
    ;;
  *)
    cat "$log" >&2
    exit "$code"
    ;;
esac
