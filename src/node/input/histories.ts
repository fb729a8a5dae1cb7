import { Budget } from '../../lint/budget.ts'
import { type History, readHistory } from '../../lint/history/history.ts'
import { processorTime } from '../clock.ts'
import type { Input } from './input.ts'

/** The migrations of each project, and then those that take them back if somebody asked for them, as the model has them on this version. */
export async function historiesOf({ projects, config }: Input, version: number): Promise<History[]> {
  const histories: History[] = []
  for (const { migrations, downs } of projects) {
    const budget = new Budget(processorTime, config.secondsPerFile)
    histories.push(await readHistory([...migrations, ...downs], { version, compat: config.compat, budget }))
  }
  return histories
}
