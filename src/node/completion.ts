import tab from '@bomb.sh/tab/commander'
import type { Command } from 'commander'
import { rules } from '../../rules/index.ts'
import { levels } from '../lint/config/config.ts'
import { systemIds } from '../migration/system-id.ts'
import { lookUp } from '../parse/look-up.ts'
import { formatNames } from '../report/formats.ts'

/** The values of flags that are lists, by their names in commander. */
const values: Readonly<Record<string, readonly string[]>> = {
  format: formatNames,
  system: systemIds,
  only: rules.map(({ id }) => id),
  rule: rules.flatMap(({ id }) => levels.map(level => `${id}=${level}`)),
}

/** Adds `migrate-lint complete <shell>`, which prints the script for a shell, and answers the questions of that script. */
export function addCompletion(program: Command): void {
  for (const command of [program, ...program.commands])
    for (const option of command.options) {
      const own = lookUp(values, option.attributeName())
      if (own) option.argChoices ??= [...own]
    }
  const [id] = program.commands.find(command => command.name() === 'rules')?.registeredArguments ?? []
  if (id) id.argChoices = rules.map(rule => rule.id)
  tab(program)
}
