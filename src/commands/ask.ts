import * as Args from '@oclif/core/args'
import {askFlags} from '../cli/flags/ask-flags.js'
import {askRequest} from '../cli/requests/ask-request.js'
import {RagCommand} from '../cli/base-command.js'
import {emptyQuestion} from '../lib/model/errors/request/search.js'
import {answerJson} from '../cli/json/answer.js'
import {readInput} from '../cli/requests/read-input.js'
import {renderAnswer} from '../cli/reporters/answer.js'
import {printableLines} from '../cli/output/visible.js'

export default class Ask extends RagCommand {
  static override summary = 'Answer a question from a corpus, with citations.'
  static override description =
    'Without a chat model the best sentences of the documents are the answer. When the documents do not answer, it says so (exit 0). ' +
    'A chat model is given chunks and no tool; citations of chunks that it was not given are removed. Keys and addresses come from ' +
    'the environment: OPENAI_API_KEY, OPENAI_BASE_URL, OLLAMA_HOST, AWS_REGION.'
  static override examples = [
    '<%= config.bin %> ask "how many days of sick leave do I have?"',
    '<%= config.bin %> ask "which plan is best for 200 agents?" --conversation c1 && <%= config.bin %> ask "and for 500?" --conversation c1',
    '<%= config.bin %> ask "why did the bees leave?" --chat-model ollama:llama3.2 --stream',
    '<%= config.bin %> ask "what is a seat?" --json | jq -r .answer',
  ]
  static override args = {
    question: Args.string({
      description: 'what to answer; - reads it from standard input',
      multiple: true,
      ignoreStdin: true,
    }),
  }
  static override flags = askFlags

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Ask)
    const query = await this.#questionOf((args.question as unknown as readonly string[] | undefined) ?? [])
    const request = askRequest(query, flags, {
      chatModel: this.settings.chat_model.value,
      embedTimeout: this.settings.embed_timeout.value,
    })
    const streams = !this.asJson && (flags.stream ?? this.screen.tty)
    let streamed = false
    const onText = (piece: string): void => {
      streamed = true
      this.out(printableLines(piece))
    }
    const report = await this.withRag((rag, call) =>
      rag.ask(this.corpus, request, {...call, ...(streams ? {onText} : {})}),
    )
    if (!this.asJson) for (const note of report.notes) this.caution(note)
    this.print(
      () => answerJson(report),
      () => renderAnswer(report, this.screen, streamed),
    )
  }

  async #questionOf(words: readonly string[]): Promise<string> {
    const isInput = words.length === 1 && words[0] === '-'
    const given = isInput ? await readInput('-', this.around.stdin) : words.join(' ')
    if (given.trim() === '') throw emptyQuestion()
    return given.trim()
  }
}
