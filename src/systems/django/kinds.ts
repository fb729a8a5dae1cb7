import { type Kept, lastOf, type Made } from './kept.ts'

/** The kinds of fields in Django (get_internal_type), for classes with their own type. */
export type Kind =
  | 'AutoField'
  | 'BigAutoField'
  | 'SmallAutoField'
  | 'BinaryField'
  | 'BooleanField'
  | 'NullBooleanField'
  | 'CharField'
  | 'DateField'
  | 'DateTimeField'
  | 'DecimalField'
  | 'DurationField'
  | 'FileField'
  | 'FilePathField'
  | 'FloatField'
  | 'IntegerField'
  | 'BigIntegerField'
  | 'SmallIntegerField'
  | 'PositiveIntegerField'
  | 'PositiveBigIntegerField'
  | 'PositiveSmallIntegerField'
  | 'IPAddressField'
  | 'GenericIPAddressField'
  | 'JSONField'
  | 'SlugField'
  | 'TextField'
  | 'TimeField'
  | 'UUIDField'
  | 'OrderWrt'
  | 'ForeignKey'
  | 'OneToOneField'
  | 'ManyToManyField'
  | 'GeneratedField'
  | 'CompositePrimaryKey'
  | 'ArrayField'
  | 'HStoreField'
  | 'CITextField'
  | 'IntegerRangeField'
  | 'BigIntegerRangeField'
  | 'DecimalRangeField'
  | 'FloatRangeField'
  | 'DateTimeRangeField'
  | 'DateRangeField'
  | 'SearchVectorField'
  | 'SearchQueryField'
  /** It has neither a column nor a table. */
  | 'none'
  /** Its class defines its type. */
  | 'own'

interface KnownClass {
  readonly is: Kind
  /** Options that the class sets by itself. */
  readonly defaults?: ReadonlyMap<string, Kept>
}

function known(is: Kind, maxLength?: number): KnownClass {
  return { is, ...(maxLength !== undefined && { defaults: new Map([['max_length', maxLength]]) }) }
}

/** Types of PostgreSQL: data_types of django/db/backends/postgresql/base.py, and db_type of django/contrib/postgres/fields. */
export const columnTypes: ReadonlyMap<Kind, string> = new Map([
  ['AutoField', 'integer'],
  ['BigAutoField', 'bigint'],
  ['SmallAutoField', 'smallint'],
  ['BinaryField', 'bytea'],
  ['BooleanField', 'boolean'],
  ['NullBooleanField', 'boolean'],
  ['DateField', 'date'],
  ['DateTimeField', 'timestamp with time zone'],
  ['DurationField', 'interval'],
  ['FloatField', 'double precision'],
  ['IntegerField', 'integer'],
  ['BigIntegerField', 'bigint'],
  ['SmallIntegerField', 'smallint'],
  ['PositiveIntegerField', 'integer'],
  ['PositiveBigIntegerField', 'bigint'],
  ['PositiveSmallIntegerField', 'smallint'],
  ['IPAddressField', 'inet'],
  ['GenericIPAddressField', 'inet'],
  ['JSONField', 'jsonb'],
  ['TextField', 'text'],
  ['TimeField', 'time'],
  ['UUIDField', 'uuid'],
  ['OrderWrt', 'integer'],
  ['HStoreField', 'hstore'],
  ['CITextField', 'citext'],
  ['IntegerRangeField', 'int4range'],
  ['BigIntegerRangeField', 'int8range'],
  ['DecimalRangeField', 'numrange'],
  ['FloatRangeField', 'numrange'],
  ['DateTimeRangeField', 'tstzrange'],
  ['DateRangeField', 'daterange'],
  ['SearchVectorField', 'tsvector'],
  ['SearchQueryField', 'tsquery'],
] as const)

/** data_type_check_constraints */
export const positive: ReadonlySet<Kind | null> = new Set([
  'PositiveIntegerField',
  'PositiveBigIntegerField',
  'PositiveSmallIntegerField',
] as const)

export const automatic: ReadonlySet<Kind | null> = new Set(['AutoField', 'BigAutoField', 'SmallAutoField'] as const)

/** Classes of Django itself whose names differ from those of their kinds. */
const others: ReadonlyMap<string, KnownClass> = new Map([
  ['CICharField', known('CITextField')],
  ['CIEmailField', known('CITextField', 254)],
  ['CommaSeparatedIntegerField', known('CharField')],
  ['EmailField', known('CharField', 254)],
  ['URLField', known('CharField', 200)],
  ['SlugField', known('SlugField', 50)],
  ['FileField', known('FileField', 100)],
  ['ImageField', known('FileField', 100)],
  ['FilePathField', known('FilePathField', 100)],
  ['CharField', known('CharField')],
  ['DecimalField', known('DecimalField')],
  ['OneToOneField', known('OneToOneField')],
  ['ForeignKey', known('ForeignKey')],
  ['ManyToManyField', known('ManyToManyField')],
  ['GeneratedField', known('GeneratedField')],
  ['CompositePrimaryKey', known('CompositePrimaryKey')],
  ['ArrayField', known('ArrayField')],
  ['GenericForeignKey', known('none')],
  ['GenericRelation', known('none')],
])

const text = known('TextField')
const char = known('CharField')
const file = known('FileField', 100)

/**
 * Classes of well-known packages, by the first part of their module and their name, with their base classes from their sources. Everything
 * else about them is unknown.
 */
const packages: ReadonlyMap<string, KnownClass> = new Map([
  ['ckeditor.RichTextField', text],
  ['ckeditor_uploader.RichTextUploadingField', text],
  ['django_ckeditor_5.CKEditor5Field', text],
  ['tinymce.HTMLField', text],
  ['markdownx.MarkdownxField', text],
  ['colorfield.ColorField', known('CharField', 25)],
  ['django_countries.CountryField', known('CharField', 2)],
  ['django_extensions.AutoSlugField', known('SlugField', 50)],
  ['django_extensions.CreationDateTimeField', known('DateTimeField')],
  ['django_extensions.ModificationDateTimeField', known('DateTimeField')],
  ['django_extensions.RandomCharField', char],
  ['django_extensions.ShortUUIDField', known('CharField', 22)],
  ['django_measurement.MeasurementField', known('FloatField')],
  ['django_fsm.FSMField', known('CharField', 50)],
  ['django_fsm.FSMIntegerField', known('IntegerField')],
  ['autoslug.AutoSlugField', known('SlugField', 50)],
  ['djmoney.CurrencyField', known('CharField', 3)],
  ['djmoney.MoneyField', known('DecimalField')],
  ['easy_thumbnails.ThumbnailerImageField', file],
  ['easy_thumbnails.ThumbnailerField', file],
  ['imagekit.ProcessedImageField', file],
  ['sorl.ImageField', file],
  ['versatileimagefield.VersatileImageField', file],
  ['versatileimagefield.PPOIField', known('CharField', 20)],
  ['model_utils.AutoCreatedField', known('DateTimeField')],
  ['model_utils.AutoLastModifiedField', known('DateTimeField')],
  ['model_utils.MonitorField', known('DateTimeField')],
  ['model_utils.SplitField', text],
  ['model_utils.StatusField', known('CharField', 100)],
  ['model_utils.UUIDField', known('UUIDField')],
  ['modelcluster.ParentalKey', known('ForeignKey')],
  ['modelcluster.ParentalManyToManyField', known('ManyToManyField')],
  ['mptt.TreeForeignKey', known('ForeignKey')],
  ['mptt.TreeManyToManyField', known('ManyToManyField')],
  ['mptt.TreeOneToOneField', known('OneToOneField')],
  ['multiselectfield.MultiSelectField', char],
  ['phonenumber_field.PhoneNumberField', known('CharField', 128)],
  ['taggit.TaggableManager', known('none')],
  ['timezone_field.TimeZoneField', known('CharField', 63)],
  ['wagtail.RichTextField', text],
])

/** A mark in place of a path, before a type that a class of the project defines. */
export const ownType = 'type: '

/** The kind of a field's class; null for an unknown class. */
export function kindOf({ path }: Pick<Made, 'path'>): KnownClass | null {
  if (path.startsWith(ownType)) return { is: 'own', defaults: new Map([['db_type', path.slice(ownType.length)]]) }
  const name = lastOf(path)
  const [first = ''] = path.split('.', 1)
  if (first !== 'django') return packages.get(`${first}.${name}`) ?? null
  if (path.startsWith('django.contrib.gis.')) return null
  const own = others.get(name)
  if (own) return own
  const isKind = (each: string): each is Kind => columnTypes.has(each as Kind)
  return isKind(name) ? { is: name } : null
}
