#!/usr/bin/env bash
# Makes test/fixtures/files anew by real programs: bash scripts/make-fixture-files.sh
# Needs pandoc, LibreOffice (writer, calc, impress), pdflatex, python3. The bytes differ from run to run (dates); what the tests expect does not.
set -euo pipefail
out="$(cd "$(dirname "$0")/.." && pwd)/test/fixtures/files"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"
cd "$work"
office() { soffice --headless -env:UserInstallation="file://$work/profile" --convert-to "$1" --outdir "$2" "$3" >/dev/null 2>&1; }

cat >leave.md <<'MD'
---
title: Leave policy
author: The people office
lang: en
---

# Leave policy

This policy is for everybody who works at the mill.

## Sick leave

Tell your manager on the first day.[^1] From the fourth day a doctor's note is needed.

[^1]: A message before nine o'clock is enough.

- by phone
- by mail
    - to the manager
    - to the office

## Annual leave

| Years | Days | Carried over |
|-------|------|--------------|
| 0–2   | 25   | 5            |
| 3–9   | 28   | 8            |
| 10+   | 30   | 10           |

### Carrying over

Days that are left go into the next year. They end in March.

> Nobody has ever used them all.

```python
def days(years):
    return 25 if years < 3 else 28
```

# Contacts

Write to <leave@example.org>, or ask at the gate.
MD
pandoc leave.md -o "$out/leave.docx"
pandoc leave.md -o "$out/leave.odt"
pandoc leave.md -o "$out/leave.epub"
office pdf "$out" "$out/leave.docx"
mv "$out/leave.pdf" "$out/leave-office.pdf"
office 'pdf:writer_pdf_Export:{"EncryptFile":{"type":"boolean","value":"true"},"DocumentOpenPassword":{"type":"string","value":"mill"}}' "$work" "$out/leave.docx"
mv leave.pdf "$out/locked.pdf"

cat >paper.tex <<'TEX'
\documentclass[10pt,twocolumn]{article}
\usepackage{fancyhdr}
\pagestyle{fancy}
\fancyhead{}\fancyhead[L]{Journal of Mills}\fancyhead[R]{Volume 7}
\hyphenation{wa-ter-wheel}
\title{Water and Wheels}
\author{A. Miller \and B. Weir}
\date{May 2020}
\begin{document}
\maketitle
\thispagestyle{fancy}
\section{Introduction}
\newcommand{\filler}{The wheel turns because water falls on it, and it goes on for as long as the river runs above the weir and the gate is open. }
\filler\filler\filler\filler\filler\filler The left column ends with the otter.
\filler\filler\filler\filler
\subsection{Overshot wheels}
An overshot wheel takes the water from above. \filler\filler\filler\filler\filler\filler
\filler\filler\filler\filler\filler\filler\filler
\section{Measurements}
\filler\filler\filler\filler\filler\filler
\begin{center}
\begin{tabular}{lrr}
Wheel & Height & Power \\
Overshot & 4.2 & 11 \\
Undershot & 3.1 & 5 \\
Breast & 3.8 & 9 \\
\end{tabular}
\end{center}
\filler\filler\filler\filler\filler\filler\filler\filler\filler\filler\filler\filler\filler\filler\filler
\filler\filler\filler\filler\filler\filler\filler\filler\filler\filler\filler\filler\filler\filler\filler
\subsection{Losses}
The right column speaks of the heron. \filler\filler\filler\filler\filler\filler\filler\filler\filler
\filler\filler\filler\filler\filler\filler\filler\filler\filler\filler\filler\filler\filler\filler\filler
\filler\filler\filler\filler\filler\filler\filler\filler\filler\filler\filler\filler\filler\filler\filler
\filler\filler\filler\filler\filler\filler\filler\filler\filler\filler\filler\filler\filler\filler\filler
\section{Conclusion}
Wheels last. \filler\filler
\begin{verbatim}
if (gate == OPEN)
    turn(wheel);
\end{verbatim}
\end{document}
TEX
pdflatex -interaction=batchmode paper.tex >/dev/null && pdflatex -interaction=batchmode paper.tex >/dev/null
cp paper.pdf "$out/paper.pdf"

cat >scan.tex <<'TEX'
\documentclass{article}\pagestyle{empty}\begin{document}
First page in words.\newpage \rule{5cm}{5cm}\newpage \rule{3cm}{3cm}\newpage Last page in words.
\end{document}
TEX
pdflatex -interaction=batchmode scan.tex >/dev/null
cp scan.pdf "$out/partly-scanned.pdf"
printf '%s' '\documentclass{article}\pagestyle{empty}\begin{document}\rule{5cm}{5cm}\end{document}' >drawing.tex
pdflatex -interaction=batchmode drawing.tex >/dev/null
cp drawing.pdf "$out/scanned.pdf"

cat >deck.md <<'MD'
---
title: The mill in numbers
author: The people office
---

## Where the water comes from

- the river
- the pond
    - in summer only

::: notes
Say that the pond was dug in 1820.
:::

## What it costs

| Year | Repairs | Wages |
|------|---------|-------|
| 2019 | 1200    | 30000 |
| 2020 | 900     | 31000 |
MD
pandoc deck.md -o "$out/deck.pptx"
office odp "$out" "$out/deck.pptx"

cat >stock.fods <<'XML'
<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2" office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.spreadsheet">
<office:automatic-styles>
<number:date-style style:name="N1"><number:year number:style="long"/><number:text>-</number:text><number:month number:style="long"/><number:text>-</number:text><number:day number:style="long"/></number:date-style>
<style:style style:name="ce1" style:family="table-cell" style:data-style-name="N1"/>
<number:percentage-style style:name="N2"><number:number number:decimal-places="1" number:min-decimal-places="1" number:min-integer-digits="1"/><number:text>%</number:text></number:percentage-style>
<style:style style:name="ce2" style:family="table-cell" style:data-style-name="N2"/>
</office:automatic-styles>
<office:body><office:spreadsheet>
<table:table table:name="Stock">
<table:table-row><table:table-cell office:value-type="string"><text:p>Stock of the mill</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell/></table:table-row>
<table:table-row><table:table-cell office:value-type="string"><text:p>Grain</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>Sacks</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>Bought</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>Share</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell office:value-type="string"><text:p>Rye</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="12.5"><text:p>12.5</text:p></table:table-cell><table:table-cell table:style-name="ce1" office:value-type="date" office:date-value="2020-03-01"><text:p>2020-03-01</text:p></table:table-cell><table:table-cell table:style-name="ce2" office:value-type="percentage" office:value="0.25"><text:p>25.0%</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell office:value-type="string"><text:p>Wheat | spelt</text:p></table:table-cell><table:table-cell table:formula="of:=[.B4]*3" office:value-type="float" office:value="37.5"><text:p>37.5</text:p></table:table-cell><table:table-cell/><table:table-cell table:style-name="ce2" office:value-type="percentage" office:value="0.75"><text:p>75.0%</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell table:number-columns-repeated="2" office:value-type="string"><text:p>twice</text:p></table:table-cell><table:table-cell office:value-type="boolean" office:boolean-value="true"><text:p>TRUE</text:p></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="1000"><table:table-cell table:number-columns-repeated="1000"/></table:table-row>
</table:table>
<table:table table:name="People">
<table:table-row><table:table-cell office:value-type="string"><text:p>Name</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>Since</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell office:value-type="string"><text:p>Ada</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="1999"><text:p>1999</text:p></table:table-cell></table:table-row>
</table:table>
</office:spreadsheet></office:body></office:document>
XML
office ods "$out" stock.fods
office xlsx "$out" stock.fods

cat >notebook.md <<'MD'
---
jupyter:
  kernelspec: {display_name: Python 3, language: python, name: python3}
  nbformat: 4
  nbformat_minor: 5
---

::: {.cell .markdown}
# How much grain

We weigh the sacks.
:::

::: {.cell .code execution_count="1"}
``` python
print(sum([12.5, 37.5]))
```

::: {.output .stream .stdout}
    50.0
:::
:::

::: {.cell .markdown}
## What is left

Fifty kilogrammes of rye.
:::
MD
pandoc notebook.md -o "$out/grain.ipynb"

OUT="$out" python3 - <<'PY'
import mailbox, os
from email.message import EmailMessage
out = os.environ['OUT']
def message(subject, body, sender='Ada Weir <ada@example.org>', date='Mon, 02 Mar 2020 09:00:00 +0000'):
    mail = EmailMessage()
    mail['Subject'], mail['From'], mail['To'], mail['Date'] = subject, sender, 'mill@example.org', date
    mail.set_content(body)
    return mail
mail = message('Größe der Mühle', 'The wheel is four metres high.\n\n> How high is the wheel?\n\nFrom here one sees the weir.\n')
mail.add_alternative('<p>The wheel is <b>four metres</b> high.</p>', subtype='html')
office = 'vnd.openxmlformats-officedocument.wordprocessingml.document'
mail.add_attachment(open(f'{out}/leave.docx', 'rb').read(), maintype='application', subtype=office, filename='leave.docx')
mail.add_attachment(b'\x89PNG\r\n', maintype='image', subtype='png', filename='wheel.png')
mail.add_attachment(b'MZ', maintype='application', subtype='octet-stream', filename='turn.exe')
open(f'{out}/mill.eml', 'wb').write(mail.as_bytes())
path = f'{out}/mill.mbox'
if os.path.exists(path): os.remove(path)
box = mailbox.mbox(path)
box.add(message('The first', 'The otter was seen at the weir.\n\nFrom now on we count them.\n'))
page = message('The second', 'x')
page.set_content('<h2>Herons</h2><ul><li>three</li><li>four</li></ul>', subtype='html')
box.add(page)
box.add(message('The third', 'No more kingfishers.\n', 'bo@example.org'))
box.flush()
PY
du -sh "$out"
