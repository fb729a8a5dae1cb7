import { sqlAt } from '../../code/given/sql.ts'
import { textAt } from '../../code/text.ts'
import { numberIn } from './given.ts'
import { type ClassOfRun, fixedClass, type Make, typeClass, withLength, word } from './type.ts'

/** Types of other packages that stand for one type on PostgreSQL. Those of sqlalchemy_utils were compiled by its release 0.42. */

const vector =
  (sql: string): Make =>
  (given, at) => {
    const dimension = numberIn(given.some('dim') ?? given.some('length'), at)
    return { kind: 'type', sql: dimension ? sqlAt(at)`${sql}(${dimension})` : textAt(sql, at) }
  }

const one = (name: string, args: readonly string[], make: Make): [string, ClassOfRun] => [
  name,
  run => typeClass(name, args, make, run),
]

const fixed = (name: string, sql: string): [string, ClassOfRun] => [name, run => fixedClass(name, sql, run)]

/** A text with a length of its own, unless the class is given one. */
const lengthOr =
  (name: string, length: number): Make =>
  (given, at) => {
    const own = numberIn(given.some(name), at)
    return { kind: 'type', sql: own ? sqlAt(at)`VARCHAR(${own})` : textAt(`VARCHAR(${length})`, at) }
  }

const utils: ReadonlyMap<string, ClassOfRun> = new Map([
  one('UUIDType', ['binary', 'native'], word('UUID')),
  one('URLType', [], word('TEXT')),
  one('EmailType', ['length'], lengthOr('length', 255)),
  one('IPAddressType', ['max_length'], lengthOr('max_length', 50)),
  one('ColorType', ['max_length'], lengthOr('max_length', 20)),
  one('PhoneNumberType', ['region', 'max_length'], lengthOr('max_length', 20)),
  fixed('JSONType', 'JSON'),
  fixed('TSVectorType', 'TSVECTOR'),
  fixed('LtreeType', 'LTREE'),
  fixed('ArrowType', 'TIMESTAMP WITHOUT TIME ZONE'),
  fixed('CountryType', 'VARCHAR(2)'),
  fixed('CurrencyType', 'VARCHAR(3)'),
  fixed('LocaleType', 'VARCHAR(10)'),
  fixed('TimezoneType', 'VARCHAR(50)'),
  fixed('ScalarListType', 'TEXT'),
  fixed('PasswordType', 'BYTEA'),
  fixed('EncryptedType', 'BYTEA'),
  fixed('StringEncryptedType', 'VARCHAR'),
  fixed('WeekDaysType', 'BIT(7)'),
  fixed('DateRangeType', 'DATERANGE'),
  fixed('DateTimeRangeType', 'TSRANGE'),
  fixed('IntRangeType', 'INT4RANGE'),
  fixed('Int8RangeType', 'INT8RANGE'),
  fixed('NumericRangeType', 'NUMRANGE'),
])

/** The modules that the classes are in, which migrations name with `sqlalchemy_utils.types.ts_vector.TSVectorType`. */
const modulesOfUtils: readonly string[] = [
  'arrow color country currency email encrypted encrypted.encrypted_type ip_address json locale ltree password phone_number range',
  'scalar_list timezone ts_vector url uuid weekdays',
].flatMap(names => names.split(' '))

const sqlmodel = new Map([one('AutoString', ['length'], withLength('VARCHAR'))])
const users = new Map([
  one('GUID', ['length'], word('UUID')),
  one('TIMESTAMPAware', ['timezone'], word('TIMESTAMP WITH TIME ZONE')),
])
const pgvector = new Map([
  one('Vector', ['dim'], vector('VECTOR')),
  one('VECTOR', ['dim'], vector('VECTOR')),
  one('HALFVEC', ['dim'], vector('HALFVEC')),
  one('SPARSEVEC', ['dim'], vector('SPARSEVEC')),
  one('BIT', ['length'], vector('BIT')),
])

/** Classes of types by name, by module. */
export const typesOfOthers: ReadonlyMap<string, ReadonlyMap<string, ClassOfRun>> = new Map([
  ['sqlalchemy_utils', utils],
  ['sqlalchemy_utils.types', utils],
  ...modulesOfUtils.map((name): [string, ReadonlyMap<string, ClassOfRun>] => [`sqlalchemy_utils.types.${name}`, utils]),
  ['sqlmodel.sql.sqltypes', sqlmodel],
  ['fastapi_users_db_sqlalchemy.generics', users],
  ['pgvector.sqlalchemy', pgvector],
  ['pgvector.sqlalchemy.vector', pgvector],
])
