import type { AdviceInCode, Name } from '../../code/advice.ts'
import { argument, quotedText, textList } from '../../code/spelling/php.ts'
import { type Settings, since } from './settings.ts'

/** Calls of Laravel's schema builder for advice, in a project with these settings. */
export function laravelAdvice(settings: Settings): AdviceInCode {
  const { prefix } = settings
  const changed = ({ schema, name }: Name, names: readonly string[], work: string): string | null => {
    // Dots, arrows and ` as ` in a name have a meaning of their own, and a prefix of tables changes names.
    if (prefix !== '' || schema !== null || ![name, ...names].every(isPlain)) return null
    return `Schema::table(${quotedText(name)}, function (Blueprint $table) {\n    $table->${work};\n});`
  }
  return {
    language: 'php',
    // PDO would replace a `?` or `:name` by a value.
    sql: text => `DB::${/\?|(?<!:):[a-z_]/i.test(text) ? 'unprepared' : 'statement'}(${argument(text)});`,
    calls: {
      createIndex: ({ name, table, columns, unique, concurrently, ifNotExists, method, where }) => {
        const isRead = !unique && !ifNotExists && where === null && (!concurrently || since(settings, [12, 23]))
        if (!isRead) return null
        const using = method === null ? '' : `, ${quotedText(method)}`
        const online = concurrently ? '->online()' : ''
        return changed(table, [name, ...columns], `index(${textList(columns)}, ${quotedText(name)}${using})${online}`)
      },
      addForeignKey: ({ name, table, columns, referenced, referencedColumns, onDelete, onUpdate, notValid }) => {
        if (referenced.schema !== null || referencedColumns.length === 0) return null
        const actions = [
          ...(onDelete === null ? [] : [`->onDelete(${quotedText(onDelete.toLowerCase())})`]),
          ...(onUpdate === null ? [] : [`->onUpdate(${quotedText(onUpdate.toLowerCase())})`]),
          ...(notValid ? ['->notValid()'] : []),
        ]
        return changed(
          table,
          [name, referenced.name, ...columns, ...referencedColumns],
          `foreign(${textList(columns)}, ${quotedText(name)})->references(${textList(referencedColumns)})->on(${quotedText(referenced.name)})${actions.join('')}`,
        )
      },
      dropColumn: ({ table, column }) => changed(table, [column], `dropColumn(${quotedText(column)})`),
    },
  }
}

function isPlain(name: string): boolean {
  return /^\w+$/.test(name)
}
