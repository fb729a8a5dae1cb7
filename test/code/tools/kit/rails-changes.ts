import fc from 'fast-check'

/** Bodies of `change` that go together: generated calls on tables that the ones before them made. */
export const histories: fc.Arbitrary<string[]> = fc
  .array(
    fc.record({
      what: fc.nat({ max: 999 }),
      table: fc.nat(),
      column: fc.nat(),
      other: fc.nat(),
      columns: fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 1, maxLength: 5 }),
    }),
    { minLength: 4, maxLength: 9 },
  )
  .map(steps => {
    const made = new Made()
    return steps.map(step => made.change(step))
  })

const types: readonly (readonly [type: string, options: readonly string[]])[] = [
  ['string', ['limit: 50', "default: 'x'", 'default: "it\'s"', "collation: 'C'", 'array: true']],
  ['text', ["default: ''", 'array: true, default: []']],
  ['integer', ['limit: 2', 'limit: 8', 'default: 0', 'default: "7"']],
  ['bigint', ['default: 5']],
  ['float', ['default: 1.5', 'limit: 24']],
  ['decimal', ['precision: 10, scale: 2', 'precision: 8', 'default: 1.5', 'precision: 6, scale: 0, default: 3']],
  ['boolean', ['default: false', 'default: true']],
  ['date', ["default: '2020-01-02'"]],
  ['datetime', ['precision: 6', "default: -> { 'CURRENT_TIMESTAMP' }", 'precision: 0']],
  ['timestamp', ['precision: 3']],
  ['time', []],
  ['binary', []],
  ['json', []],
  ['jsonb', ['default: {}', 'default: []', "default: { a: 'x' }"]],
  ['uuid', ["default: -> { 'gen_random_uuid()' }"]],
  ['inet', []],
  ['bit', ['limit: 3']],
  ['int4range', []],
  ['tsvector', []],
]
const common = ['', 'null: false', 'null: true', "comment: 'c'", '']

interface Step {
  readonly what: number
  readonly table: number
  readonly column: number
  readonly other: number
  readonly columns: readonly (readonly [number, number])[]
}

/** What the changes so far made, as far as the next ones need to know it. */
class Made {
  readonly #tables: { name: string; readonly columns: string[] }[] = []
  readonly #indexes: { readonly table: string; readonly name: string }[] = []
  #count = 0

  change(step: Step): string {
    const table = pick(this.#tables, step.table)
    if (!table || (this.#tables.length < 3 && step.what % 6 === 0)) return this.#create(step)
    const [a, b] = [pick(table.columns, step.column), pick(table.columns, step.other)]
    const other = pick(this.#tables, step.other)
    if (a === undefined || b === undefined || !other)
      return `add_column :${table.name}, ${this.#column(table, step.columns[0])}`
    const name = () => this.#name('n')
    const t = `:${table.name}`
    const remove = () => {
      table.columns.splice(table.columns.indexOf(a), 1)
      return a
    }
    const changes: (() => string)[] = [
      () => `add_column ${t}, ${this.#column(table, step.columns[0])}`,
      () => `add_column ${t}, ${this.#column(table, step.columns[0])}\nadd_index ${t}, :${table.columns.at(-1)}`,
      () => `remove_column ${t}, :${remove()}, :integer`,
      () => `remove_column ${t}, :${remove()}, :string, null: false, default: 'x'`,
      () => {
        const to = this.#name('r')
        table.columns[table.columns.indexOf(a)] = to
        return `rename_column ${t}, :${a}, :${to}`
      },
      () => {
        const from = table.name
        table.name = this.#name('renamed')
        return `rename_table :${from}, :${table.name}`
      },
      () => `add_index ${t}, :${a}`,
      () => `add_index ${t}, [${a === b ? `:${a}` : `:${a}, :${b}`}], unique: true, name: '${name()}'`,
      () => `add_index ${t}, :${a}, where: '${b} IS NOT NULL', order: { ${a}: :desc }, name: '${name()}'`,
      () => `add_index ${t}, :${a}, using: :hash, name: '${name()}', if_not_exists: true`,
      () => `add_index ${t}, 'lower(${a}::text)', name: '${name()}', comment: 'c'`,
      () => {
        const index = this.#name('ix')
        this.#indexes.push({ table: table.name, name: index })
        return `add_index ${t}, :${a}, name: '${index}', opclass: nil`.replace(', opclass: nil', '')
      },
      () => {
        const own = this.#indexes.find(index => index.table === table.name)
        if (!own) return `add_index ${t}, :${b}, if_not_exists: true`
        this.#indexes.splice(this.#indexes.indexOf(own), 1)
        return step.other % 2 === 0
          ? `remove_index ${t}, name: '${own.name}', column: :${a}`
          : `rename_index ${t}, '${own.name}', '${name()}'`
      },
      () => `change_column_null ${t}, :${a}, ${step.other % 2 === 0}`,
      () => `change_column_null ${t}, :${a}, false, 'x'`,
      () => `change_column_default ${t}, :${a}, from: nil, to: '5'`,
      () => `change_column_comment ${t}, :${a}, from: nil, to: "it's"`,
      () => `change_table_comment ${t}, from: nil, to: 'c'`,
      () =>
        `reversible { |d| d.up { change_column ${t}, :${a}, :text }; d.down { change_column ${t}, :${a}, :text, null: true } }`,
      () => `up_only { change_column ${t}, :${a}, :string, limit: 20, default: 'q', null: false }`,
      () => `add_check_constraint ${t}, '${a} IS NOT NULL'`,
      () => `add_check_constraint ${t}, '${b} IS NULL', name: '${name()}', validate: false`,
      () => `add_reference ${t}, :${this.#name('ref')}, foreign_key: { to_table: :${other.name}, on_delete: :cascade }`,
      () => `add_reference ${t}, :${this.#name('ref')}, null: true, index: { unique: true, name: '${name()}' }`,
      () => `add_reference ${t}, :${this.#name('ref')}, polymorphic: true, index: false`,
      () => `add_belongs_to ${t}, :${this.#name('ref')}, type: :uuid`,
      () => {
        const key = this.#name('key')
        table.columns.push(`${key}_id`)
        return `add_column ${t}, :${key}_id, :bigint\nadd_foreign_key ${t}, :${other.name}, column: :${key}_id, on_update: :restrict, validate: ${step.what % 2 === 0}`
      },
      () => `add_timestamps ${t}, null: true`,
      () =>
        `change_table(${t}) { |x| x.${types[step.other % types.length]?.[0]} :${this.#new(table)}; x.index :${a}, name: '${name()}'; x.change_null :${b}, true }`,
      () =>
        `change_table(${t}, bulk: true) { |x| x.integer :${this.#new(table)}, default: 1; x.string :${this.#new(table)}; x.change_default :${a}, from: nil, to: '1' }`,
      () => `execute "select '1'"`,
      () => `revert { add_column ${t}, :${remove()}, :string }`,
      () => `create_join_table :${table.name}, :${other.name}, table_name: :${this.#name('join')}`,
      () => {
        this.#tables.splice(this.#tables.indexOf(table), 1)
        return `drop_table(${t}, force: :cascade) { |x| x.string :a, null: false; x.timestamps }`
      },
    ]
    return (changes[step.what % changes.length] ?? (() => ''))()
  }

  #create({ columns, what }: Step): string {
    const table = { name: this.#name('things'), columns: [] }
    const lines = columns.map(each => {
      const written = this.#column(table, each)
      const [, name = '', type = '', rest = ''] = /^(:\w+), :(\w+)(.*)$/.exec(written) ?? []
      return `x.${type} ${name}${rest}${what % 5 === 0 ? ', index: true' : ''}`
    })
    const options = [
      '',
      ', id: :uuid',
      ', id: false',
      ", comment: 'c'",
      ', primary_key: :pid',
      ', id: :serial',
      ', if_not_exists: true',
    ]
    const more = [
      '',
      '; x.timestamps',
      '; x.references :owner',
      '; x.references :other, polymorphic: true, null: false',
      '; x.index [:x1]'.slice(0, 0),
    ]
    this.#tables.push(table)
    return `create_table(:${table.name}${options[what % options.length]}) { |x| ${lines.join('; ')}${more[what % more.length]} }`
  }

  #new(table: { readonly columns: string[] }): string {
    const name = this.#name('c')
    table.columns.push(name)
    return name
  }

  #column(table: { readonly columns: string[] }, [kind, option]: readonly [number, number] = [0, 0]): string {
    const [type = 'string', own = []] = types[kind % types.length] ?? []
    const all = [...own, '']
    const options = [all[option % all.length] ?? '', common[Math.floor(option / 7) % common.length] ?? '']
    return [`:${this.#new(table)}`, `:${type}`, ...options.filter(each => each !== '')].join(', ')
  }

  #name(prefix: string): string {
    this.#count++
    return `${prefix}${this.#count}`
  }
}

function pick<T>(all: readonly T[], number: number): T | undefined {
  return all[number % Math.max(1, all.length)]
}
