import * as Args from '@oclif/core/args'
import {RagCommand} from '../cli/base-command.js'
import {bashScript} from '../cli/completion/bash.js'
import {commandTree} from '../cli/completion/command-tree.js'
import {fishScript} from '../cli/completion/fish.js'
import type {CompletionResult} from '../contract/index.js'
import {zshScript} from '../cli/completion/zsh.js'

const SCRIPTS = {bash: bashScript, zsh: zshScript, fish: fishScript}

export default class Completion extends RagCommand {
  static override summary = 'Print the script that lets a shell complete commands and flags.'
  static override examples = [
    'source <(<%= config.bin %> completion bash)',
    '<%= config.bin %> completion fish > ~/.config/fish/completions/rag.fish',
  ]
  static override args = {
    shell: Args.string({
      description: 'the shell',
      options: ['bash', 'zsh', 'fish'],
      required: true,
      ignoreStdin: true,
    }),
  }

  async run(): Promise<void> {
    const {args} = await this.parse(Completion)
    const shell = args.shell as keyof typeof SCRIPTS
    const script = SCRIPTS[shell](commandTree(this.config.commands))
    this.print(
      (): CompletionResult => ({shell, script}),
      () => script,
    )
  }
}
