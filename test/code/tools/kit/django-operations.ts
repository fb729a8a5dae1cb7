import fc from 'fast-check'
import { fieldOf, kindOf, type Spec, written } from './django-fields.ts'

/**
 * Migrations of Django that go together: generated operations on models that the ones before them made. `isNew`: with what Django has
 * from 5.0 on.
 */
export function projects(isNew: boolean): fc.Arbitrary<string[]> {
  const step = fc.record({
    what: fc.nat({ max: 999 }),
    model: fc.nat(),
    field: fc.nat(),
    other: fc.nat(),
    spec: fieldOf(isNew),
    specs: fc.array(fieldOf(isNew), { minLength: 1, maxLength: 5 }),
  })
  return fc.array(step, { minLength: 4, maxLength: 10 }).map(steps => {
    const project = new Made(isNew)
    return steps.map(each => project.operations(each)).map(migration)
  })
}

function migration({ text, isAtomic = true }: { text: string; isAtomic?: boolean }): string {
  return `from django.db import migrations as m, models as F
from django.contrib.postgres.operations import *
from django.contrib.postgres.indexes import *
from django.contrib.postgres.fields import ArrayField
from django.db.models.functions import Lower, Upper, Now
import django.db.models.deletion, uuid, decimal, datetime

class Migration(m.Migration):
    atomic = ${isAtomic ? 'True' : 'False'}
    operations = [${text}]
`
}

interface Table {
  name: string
  readonly fields: Map<string, 'plain' | 'number' | 'text' | 'key' | 'm2m'>
  readonly indexes: string[]
  readonly constraints: string[]
}

interface Step {
  readonly what: number
  readonly model: number
  readonly field: number
  readonly other: number
  readonly spec: Spec
  readonly specs: readonly Spec[]
}

interface Operations {
  readonly text: string
  readonly isAtomic?: boolean
}

/** The models that the migrations so far made, as far as the next ones need to know them. */
class Made {
  readonly #isNew: boolean
  readonly #tables: Table[] = []
  #count = 0

  constructor(isNew: boolean) {
    this.#isNew = isNew
  }

  operations(step: Step): Operations {
    const table = this.#tables[step.model % Math.max(1, this.#tables.length)]
    if (!table || (this.#tables.length < 3 && step.what % 5 === 0)) return this.#create(step)
    const kinds = [
      ...[this.#addField, this.#addField, this.#alterField, this.#alterField, this.#alterField, this.#alterField],
      ...[this.#removeField, this.#renameField, this.#renameField, this.#renameModel, this.#table, this.#together],
      ...[this.#addIndex, this.#addIndex, this.#addIndex, this.#dropIndex, this.#renameIndex, this.#constraint],
      ...[
        this.#constraint,
        this.#dropConstraint,
        this.#comment,
        this.#order,
        this.#sql,
        this.#relation,
        this.#relation,
      ],
      ...[this.#alterRelation, this.#delete, this.#concurrently, this.#apart, this.#several],
    ]
    const kind = kinds[step.what % kinds.length] ?? this.#addField
    return kind.call(this, step, table)
  }

  #name(prefix: string): string {
    this.#count++
    return `${prefix}${this.#count}`
  }

  #create({ specs, what }: Step): Operations {
    const table: Table = { name: this.#name('Model'), fields: new Map(), indexes: [], constraints: [] }
    const fields = specs.map(spec => {
      const name = this.#name('f')
      table.fields.set(name, kindOf(spec))
      return `('${name}', ${written(spec)})`
    })
    const keys = ['F.BigAutoField(primary_key=True)', 'F.AutoField(primary_key=True)']
    keys.push('F.UUIDField(primary_key=True, default=uuid.uuid4)')
    const options = what % 4 === 0 ? `, options={'db_table': '${table.name}_odd', 'db_table_comment': 'c'}` : ''
    this.#tables.push(table)
    return { text: `m.CreateModel('${table.name}', [('id', ${keys[what % 3]}), ${fields.join(', ')}]${options})` }
  }

  #addField({ spec }: Step, table: Table): Operations {
    const name = this.#name('f')
    table.fields.set(name, kindOf(spec))
    return { text: `m.AddField('${table.name.toLowerCase()}', '${name}', ${written(spec)})` }
  }

  #alterField({ spec, field }: Step, table: Table): Operations {
    const name = pick(columnsOf(table), field)
    if (name === undefined) return this.#sql()
    table.fields.set(name, kindOf(spec))
    return { text: `m.AlterField('${table.name}', '${name}', ${written(spec)})` }
  }

  #removeField({ field }: Step, table: Table): Operations {
    const name = pick([...table.fields.keys()], field)
    if (name === undefined) return this.#sql()
    table.fields.delete(name)
    return { text: `m.RemoveField('${table.name}', '${name}')` }
  }

  #renameField({ field }: Step, table: Table): Operations {
    const name = pick([...table.fields.keys()], field)
    if (name === undefined) return this.#sql()
    const to = this.#name('g')
    table.fields.set(to, table.fields.get(name) ?? 'plain')
    table.fields.delete(name)
    return { text: `m.RenameField('${table.name}', '${name}', '${to}')` }
  }

  #renameModel(_: Step, table: Table): Operations {
    const from = table.name
    table.name = this.#name('Other')
    return { text: `m.RenameModel('${from}', '${table.name}')` }
  }

  #table({ what }: Step, table: Table): Operations {
    return { text: `m.AlterModelTable('${table.name}', ${what % 3 === 0 ? 'None' : `'${this.#name('tbl')}'`})` }
  }

  #together({ field, other }: Step, table: Table): Operations {
    const [a, b] = [pick(columnsOf(table), field), pick(columnsOf(table), other)]
    const isIndex = !this.#isNew && other % 2 === 0
    const name = isIndex ? 'index_together' : 'unique_together'
    const pairs = a === undefined || b === undefined || a === b || field % 4 === 0 ? 'set()' : `{('${a}', '${b}')}`
    return { text: `m.${isIndex ? 'AlterIndexTogether' : 'AlterUniqueTogether'}('${table.name}', ${name}=${pairs})` }
  }

  #addIndex({ field, other, what }: Step, table: Table): Operations {
    const [a, b] = [pick(columnsOf(table), field), pick(columnsOf(table), other)]
    if (a === undefined || b === undefined) return this.#sql()
    const name = this.#name('ix')
    table.indexes.push(name)
    const forms = [
      `F.Index(fields=['${a}'], name='${name}')`,
      `F.Index(fields=['-${a}', '${b}'], name='${name}')`,
      `F.Index(fields=['${a}'], include=['${b}'], name='${name}')`,
      `F.Index(fields=['${a}'], condition=F.Q(${b}__isnull=False), name='${name}')`,
      `BTreeIndex(fields=['${a}'], fillfactor=50, name='${name}')`,
      `HashIndex(fields=['${a}'], name='${name}')`,
      `BrinIndex(fields=['${a}'], pages_per_range=8, name='${name}')`,
      `F.Index(F.F('${a}').desc(), Lower('${b}'), name='${name}')`,
    ]
    return { text: `m.AddIndex('${table.name}', ${pick(forms, what)})` }
  }

  #dropIndex({ other }: Step, table: Table): Operations {
    const [name] = table.indexes.splice(other % Math.max(1, table.indexes.length), 1)
    return name === undefined ? this.#sql() : { text: `m.RemoveIndex('${table.name}', '${name}')` }
  }

  #renameIndex({ other }: Step, table: Table): Operations {
    const [name] = table.indexes.splice(other % Math.max(1, table.indexes.length), 1)
    if (name === undefined) return this.#sql()
    const to = this.#name('iy')
    table.indexes.push(to)
    return { text: `m.RenameIndex('${table.name}', old_name='${name}', new_name='${to}')` }
  }

  #constraint({ field, other, what }: Step, table: Table): Operations {
    const [a, b] = [pick(columnsOf(table), field), pick(columnsOf(table), other)]
    if (a === undefined || b === undefined) return this.#sql()
    const number = [...table.fields].find(([, kind]) => kind === 'number')?.[0] ?? a
    const name = this.#name('ck')
    table.constraints.push(name)
    const check = this.#isNew ? 'condition' : 'check'
    const forms = [
      `F.CheckConstraint(${check}=F.Q(${number}__gt=0), name='${name}')`,
      `F.CheckConstraint(${check}=F.Q(${a}__isnull=True) | ~F.Q(${number}__in=[1, 2]), name='${name}')`,
      `F.CheckConstraint(${check}=F.Q(${number}__lte=F.F('${number}') + 1, ${number}__range=(1, 5)), name='${name}')`,
      `F.UniqueConstraint(fields=['${a}', '${b}'], name='${name}')`,
      `F.UniqueConstraint(fields=['${a}'], condition=F.Q(${number}=1), name='${name}')`,
      `F.UniqueConstraint(fields=['${a}'], deferrable=F.Deferrable.DEFERRED, name='${name}')`,
      `F.UniqueConstraint(fields=['${a}'], include=['${b}'], name='${name}')`,
      `F.UniqueConstraint(Lower('${a}'), F.F('${b}').desc(), name='${name}')`,
    ]
    return { text: `m.AddConstraint('${table.name}', ${pick(forms, what)})` }
  }

  #dropConstraint({ other }: Step, table: Table): Operations {
    const [name] = table.constraints.splice(other % Math.max(1, table.constraints.length), 1)
    return name === undefined ? this.#sql() : { text: `m.RemoveConstraint('${table.name}', '${name}')` }
  }

  #comment({ what }: Step, table: Table): Operations {
    return { text: `m.AlterModelTableComment('${table.name}', ${what % 2 === 0 ? 'None' : `'it\\'s'`})` }
  }

  #order({ other }: Step, table: Table): Operations {
    const key = pick(
      [...table.fields].flatMap(([name, kind]) => (kind === 'key' ? [name] : [])),
      other,
    )
    return { text: `m.AlterOrderWithRespectTo('${table.name}', ${key === undefined ? 'None' : `'${key}'`})` }
  }

  #sql(): Operations {
    return { text: `m.RunSQL("select 1; select '%'", 'select 2'), m.RunSQL([('select %s', ['a'])], m.RunSQL.noop)` }
  }

  #relation({ other, what }: Step, table: Table): Operations {
    const to = pick(this.#tables, other)
    if (!to) return this.#sql()
    const name = this.#name('r')
    table.fields.set(name, what % 4 === 3 ? 'm2m' : 'key')
    return { text: `m.AddField('${table.name}', '${name}', ${relation(to.name, what)})` }
  }

  #alterRelation({ field, other, what }: Step, table: Table): Operations {
    const keys = [...table.fields].flatMap(([name, kind]) => (kind === 'key' ? [name] : []))
    const [name, to] = [pick(keys, field), pick(this.#tables, other)]
    if (name === undefined || !to) return this.#sql()
    return { text: `m.AlterField('${table.name}', '${name}', ${relation(to.name, what % 4 === 3 ? 0 : what)})` }
  }

  #delete(_: Step, table: Table): Operations {
    this.#tables.splice(this.#tables.indexOf(table), 1)
    return { text: `m.DeleteModel('${table.name}')` }
  }

  #concurrently({ field, what }: Step, table: Table): Operations {
    const name = pick(columnsOf(table), field)
    if (name === undefined) return this.#sql()
    const index = this.#name('ic')
    const add = `AddIndexConcurrently('${table.name}', F.Index(fields=['${name}'], name='${index}'))`
    if (what % 2 === 0) return { text: `${add}, RemoveIndexConcurrently('${table.name}', '${index}')`, isAtomic: false }
    table.indexes.push(index)
    return { text: add, isAtomic: false }
  }

  #apart({ spec }: Step, table: Table): Operations {
    const name = this.#name('f')
    const add = `m.AddField('${table.name}', '${name}', ${written(spec, ['null=True'])})`
    table.fields.set(name, kindOf(spec))
    return { text: `m.SeparateDatabaseAndState(database_operations=[${add}], state_operations=[${add}])` }
  }

  /** Operations of one migration share what waits for its end. */
  #several(step: Step, table: Table): Operations {
    const steps = [
      this.#addField,
      this.#relation,
      this.#renameField,
      this.#alterRelation,
      this.#renameModel,
      this.#addIndex,
    ]
    return { text: steps.map(each => each.call(this, step, table).text).join(', ') }
  }
}

function relation(to: string, what: number): string {
  const options = ['', ', db_index=False', ', db_constraint=False', ", db_column='Key'", ', unique=True']
  const option = options[Math.floor(what / 4) % options.length] ?? ''
  const kinds = [
    `F.ForeignKey('app.${to}', F.CASCADE, null=True, related_name='+'${option})`,
    `F.OneToOneField('app.${to.toLowerCase()}', F.CASCADE, null=True, related_name='+')`,
    `F.ForeignKey('app.${to}', F.SET_NULL, null=True, related_name='+'${option})`,
    `F.ManyToManyField('app.${to}', related_name='+')`,
  ]
  return kinds[what % 4] ?? ''
}

function columnsOf({ fields }: Table): string[] {
  return [...fields].flatMap(([name, kind]) => (kind === 'key' || kind === 'm2m' ? [] : [name]))
}

function pick<T>(all: readonly T[], number: number): T | undefined {
  return all[number % Math.max(1, all.length)]
}
