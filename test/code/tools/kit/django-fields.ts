import fc from 'fast-check'

/** A field of a model: its class with the arguments that it needs, a value for it, and its options. `=D` in an option stands for the value. */
export interface Spec {
  readonly type: string
  readonly args: string
  readonly value: string
  readonly options: readonly string[]
}

const types: readonly (readonly [type: string, args: string, value: string])[] = [
  ['F.CharField', 'max_length=10', "'x'"],
  ['F.CharField', 'max_length=200', '"it\'s"'],
  ['F.TextField', '', "'a%b'"],
  ['F.SlugField', '', "'s'"],
  ['F.EmailField', '', "'e'"],
  ['F.URLField', 'max_length=300', "'u'"],
  ['F.IntegerField', '', '7'],
  ['F.BigIntegerField', '', '-7'],
  ['F.SmallIntegerField', '', '0'],
  ['F.PositiveIntegerField', '', '3'],
  ['F.PositiveSmallIntegerField', '', '4'],
  ['F.PositiveBigIntegerField', '', '5'],
  ['F.FloatField', '', '1.5'],
  ['F.DecimalField', 'max_digits=10, decimal_places=2', "decimal.Decimal('2.50')"],
  ['F.DecimalField', 'max_digits=12, decimal_places=2', '3'],
  ['F.BooleanField', '', 'True'],
  ['F.DateField', '', 'datetime.date(2020, 1, 2)'],
  ['F.DateTimeField', '', 'datetime.datetime(2020, 1, 2, tzinfo=datetime.timezone.utc)'],
  ['F.TimeField', '', 'datetime.time(3, 4)'],
  ['F.DurationField', '', 'datetime.timedelta(days=1)'],
  ['F.UUIDField', '', "uuid.UUID('00000000-0000-0000-0000-000000000001')"],
  ['F.JSONField', '', "{'a': [1, None, True, 'x']}"],
  ['F.BinaryField', '', "b'x'"],
  ['F.GenericIPAddressField', '', "'10.0.0.1'"],
  ['F.FileField', "upload_to='f'", "'f'"],
  ['ArrayField', 'F.CharField(max_length=5), size=3', 'list'],
  ['ArrayField', 'F.IntegerField()', '[1, 2]'],
]

/** Any field; `isNew`: with what Django has from 5.0 on. */
export function fieldOf(isNew: boolean): fc.Arbitrary<Spec> {
  const option = fc.constantFrom(
    ...['null=True', 'null=True', 'null=True', 'unique=True', 'db_index=True', 'blank=True', 'default=D', 'default=D'],
    ...["db_column='Odd col'", "db_comment='it\\'s'", "verbose_name='v'", "choices=[('a', 'A')]", 'editable=False'],
    ...["db_collation='C'"],
    ...(isNew ? ['db_default=D'] : []),
  )
  return fc
    .tuple(fc.constantFrom(...types), fc.uniqueArray(option, { maxLength: 3 }))
    .map(([[type, args, value], chosen]) => ({
      type,
      args,
      value,
      options: chosen.filter(each => !each.startsWith('db_collation') || /CharField|TextField/.test(type)),
    }))
}

/** The field in Python, with further options. */
export function written({ type, args, value, options }: Spec, extra: readonly string[] = []): string {
  const all = [...options.map(each => each.replace(/=D$/, `=${value}`)), ...extra]
  return `${type}(${[args, ...new Set(all)].filter(each => each !== '').join(', ')})`
}

/** What else can be done with the field: numbers are compared, and texts have operator classes. */
export function kindOf({ type }: Spec): 'plain' | 'number' | 'text' {
  if (/Integer|Float|Decimal/.test(type)) return 'number'
  return /Char|Text|Slug|Email|URL/.test(type) ? 'text' : 'plain'
}
