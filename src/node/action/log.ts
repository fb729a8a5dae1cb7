import { randomUUID } from 'node:crypto'
import * as core from '@actions/core'

/** The log is as wide as GitHub shows it without folding lines. */
const width = 120

/** The style of reports in the log, which shows colours but no links. */
export const logStyle = {
  color: true,
  width,
  ascii: false,
  links: false,
  verbose: false,
  notesSwitch: 'the input "notes"',
}

/**
 * Prints text that strangers may have written in part. The runner executes lines that look like commands, so a command
 * stops this until the runner sees a word that nobody can guess (GitHub's documentation, "Stopping and starting workflow
 * commands").
 */
export function printInert(text: string): void {
  const word = randomUUID()
  process.stdout.write(`::stop-commands::${word}\n${text}${text.endsWith('\n') ? '' : '\n'}::${word}::\n`)
}

/** Prints the same text, folded under a title. */
export function printGroup(title: string, text: string): void {
  core.startGroup(title)
  printInert(text)
  core.endGroup()
}
