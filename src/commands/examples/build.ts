import * as Flags from '@oclif/core/flags'
import {RagCommand} from '../../cli/base-command.js'
import {examplesJson} from '../../cli/json/examples.js'
import {examplesFlags} from '../../cli/flags/examples-flags.js'
import {examplesRequest} from '../../cli/requests/examples-request.js'
import {renderExamples} from '../../cli/reporters/examples.js'

export default class ExamplesBuild extends RagCommand {
  static override summary = 'Make question and answer examples for training from a corpus.'
  static override description =
    'Headings, definitions, lists, figures and key sentences become questions in the language of their document; each answer is a piece of the ' +
    'chunk that the example names. No model is needed, and the same corpus and seed give the same files. With a chat model it writes the ' +
    'examples, and those that their chunk does not support are dropped. Files appear together, whole, or not at all.'
  static override examples = [
    '<%= config.bin %> examples build --corpus handbook --out train.jsonl',
    '<%= config.bin %> examples build --out train.jsonl --msgpack-out train.msgpack --per-doc 10 --seed 7',
    '<%= config.bin %> examples build --filter language=de --out - | jq -r .question',
    '<%= config.bin %> examples build --out train.jsonl --chat-model ollama:llama3.2',
  ]
  static override finishesBatch = true
  static override flags = {
    ...examplesFlags,
    out: Flags.string({
      description: 'file of JSON Lines, an example a line; - prints them',
      helpValue: 'FILE',
      required: true,
    }),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(ExamplesBuild)
    const request = examplesRequest(this.corpus, flags, {
      chatModel: this.settings.chat_model.value,
      json: this.asJson,
    })
    const report = await this.withRag((rag, call) =>
      rag.buildExamples(request, {...call, onLines: (bytes) => this.outBytes(bytes)}),
    )
    const text = (): string => renderExamples(report, this.screen)
    if (request.out === undefined && !request.dryRun) this.hint(text().trimEnd())
    else this.print(() => examplesJson(report), text)
  }
}
