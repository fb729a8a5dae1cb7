import { say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Index on many columns',
  why: 'Columns after the first few rarely narrow a search, but every write has to keep them up to date.',
  severity: 'note',
  category: 'schema',
  on: ['create-index'],
  peers: ['strong_migrations:add_index_columns'],
  options: {
    columns: { type: 'number', description: 'How many columns an index may have.', default: 3 },
  },

  check({ operation, options }) {
    const { table, index, keyword, skipped } = operation
    // A unique index needs all the columns that are unique together.
    if (!table.exposed || skipped || index.unique || index.method !== 'btree') return
    const limit = Number(options.columns)
    if (index.keys.length <= limit) return
    return {
      at: keyword,
      message: say`${index.name} has ${index.keys.length} columns, which makes writes to ${table.name} slower and the index larger.`,
      help: 'Keep the columns that narrow the search. Those that are only read along can go into INCLUDE.',
    }
  },
})
