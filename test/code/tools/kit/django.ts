import { loadGrammar } from '../../../../src/code/grammar.ts'
import { readCode } from '../../../../src/code/read.ts'
import type { Direction } from '../../../../src/code/reader.ts'
import { djangoReader } from '../../../../src/systems/django/calls.ts'
import { Project } from '../../../../src/systems/django/project.ts'
import { settings } from '../../../../src/systems/django/settings.ts'
import type { SentByCode } from '../../kit/sent.ts'

/** A migration with these operations, which may use what the recorded ones import. */
export function migrationOf(operations: string, before = ''): string {
  return `from django.db import migrations as m, models as F
from django.conf import settings
from django.contrib.postgres.operations import *
from django.contrib.postgres.indexes import GinIndex, BTreeIndex
from django.contrib.postgres.fields import ArrayField, RangeOperators, DateRangeField
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db.models.functions import Length, Lower, Now
import django.db.models.deletion, django_countries.fields, uuid, decimal, datetime, other
${before}
class Migration(m.Migration):
    operations = [ ${operations} ]
`
}

/** What the migrations of a project send, in their order. */
export async function djangoProject(
  migrations: readonly { readonly app: string; readonly text: string }[],
  {
    settings: said = {},
    version = [5, 2],
    direction = 'up',
    only,
    again = [],
  }: {
    readonly settings?: Readonly<Record<string, string>>
    readonly version?: readonly [number, number]
    readonly direction?: Direction
    /** Those that are read. */
    readonly only?: readonly number[]
    /** Those that are read again afterwards, in this order. */
    readonly again?: readonly number[]
  } = {},
): Promise<SentByCode[]> {
  await loadGrammar('python')
  const ids = migrations.map(({ app }, i) => `${app}.${String(i).padStart(4, '0')}`)
  const project = new Project(ids, settings(new Map(Object.entries(said)), version))
  const found: SentByCode[] = []
  for (const i of [...(only ?? migrations.keys()), ...again]) {
    const text = migrations[i]?.text ?? ''
    const read = readCode('1.py', text, djangoReader(project, ids[i] ?? ''), () => {})
    if ('unread' in read) throw new Error(read.unread)
    const parts = read[direction]
    const place = (at: readonly [number, number]) => text.slice(at[0], at[1])
    found[i] = {
      sql: parts.flatMap(({ opaque, span }) => (opaque === undefined ? [read.text.slice(span[0], span[1])] : [])),
      unread: parts.flatMap(({ opaque, call }) => (opaque === undefined ? [] : [`${place(call)}: ${opaque}`])),
      doubts: read.doubts[direction].map(({ at, why }) => `${place(at)}: ${why}`),
    }
  }
  return found
}
