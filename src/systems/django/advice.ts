import type { AdviceInCode, Name } from '../../code/advice.ts'
import { keywords, quotedText, textList } from '../../code/spelling/python.ts'
import { columnOf } from './field.ts'
import { appOf, type Project } from './project.ts'
import { allModels, type Model, modelKey, tableOf } from './state.ts'

/** Operations of Django for advice about tables whose models the migration's app has. They are items of `operations`. */
export function djangoAdvice(project: Project, id: string): AdviceInCode {
  const { version } = project.settings
  const since = (major: number, minor: number) => version[0] > major || (version[0] === major && version[1] >= minor)
  const modelOf = ({ schema, name }: Name, state = project.after(id)): Model | null => {
    if (schema !== null || !state) return null
    for (const model of allModels(state)) if (model.app === appOf(id) && tableOf(model) === name) return model
    return null
  }
  return {
    language: 'python',
    unused: ({ table, column }) => {
      const model = modelOf(table, project.before(id))
      const [field] = (model && fieldsOf(model, [column])) ?? []
      if (!model || field === undefined) return null
      const removes = `migrations.RemoveField(${quotedText(modelKey(model.name))}, ${quotedText(field)})`
      return {
        how: 'Take the field out of its model, with a migration that leaves the column in the table:',
        code: `migrations.SeparateDatabaseAndState(state_operations=[${removes}]),`,
      }
    },
    sql: text => `migrations.RunSQL(${quotedText(text)}),`,
    calls: {
      createIndex: ({ name, table, columns, unique, concurrently, ifNotExists, method, where }) => {
        const model = modelOf(table)
        const fields = model && fieldsOf(model, columns)
        const isPlain = !unique && !ifNotExists && method === null && where === null
        if (!fields || !isPlain || !isIndexName(name)) return null
        const index = `models.Index(${keywords({ fields: textList(fields), name: quotedText(name) })})`
        return `${concurrently ? 'AddIndexConcurrently' : 'migrations.AddIndex'}(${[quotedText(modelKey(model.name)), index].join(', ')}),`
      },
      dropIndex: ({ index, table, concurrently, ifExists }) => {
        const model = table && modelOf(table)
        const isKnown = model?.indexes.some(({ named }) => named.get('name') === index.name) === true
        if (!isKnown || ifExists) return null
        const operation = concurrently ? 'RemoveIndexConcurrently' : 'migrations.RemoveIndex'
        return `${operation}(${quotedText(modelKey(model.name))}, ${quotedText(index.name)}),`
      },
      addCheck: ({ name, table, notNull, notValid }) => {
        const model = modelOf(table)
        const [field] = (model && notNull !== null && fieldsOf(model, [notNull])) || []
        // The lookup is code: a name that is not one of Python may be anything.
        if (!model || field === undefined || !/^[a-z]\w*$/i.test(field) || !since(4, 0)) return null
        const made = keywords({
          [since(5, 1) ? 'condition' : 'check']: `models.Q(${field}__isnull=False)`,
          name: quotedText(name),
        })
        const operation = notValid ? 'AddConstraintNotValid' : 'migrations.AddConstraint'
        return `${operation}(${quotedText(modelKey(model.name))}, models.CheckConstraint(${made})),`
      },
      validateConstraint: ({ name, table }) => {
        const model = modelOf(table)
        return model && since(4, 0)
          ? `ValidateConstraint(${quotedText(modelKey(model.name))}, ${quotedText(name)}),`
          : null
      },
    },
  }
}

/** The names of the fields that have these columns; null: not all of them are known. */
function fieldsOf(model: Model, columns: readonly string[]): string[] | null {
  const fields = [...model.fields.values()]
  const found = columns.flatMap(column => fields.find(field => columnOf(field) === column)?.name ?? [])
  return found.length === columns.length ? found : null
}

/** Index.max_name_length, and Index's rule for the first letter of a name. */
function isIndexName(name: string): boolean {
  return name.length <= 30 && !/^[_\d]/.test(name)
}
