/**
 * Features that PostgreSQL's grammar (gram.y) and the option lists of its statements gained after version 12, and how
 * each shows in the parse tree of the newest version. Every entry is checked on the versions before and after it.
 */

import { lookUp } from '../../parse/look-up.ts'
import type { StatementKind } from '../../parse/script.ts'

export type Fields = Readonly<Record<string, unknown>>

export interface Feature {
  /** As people write it: `NOT ENFORCED`. */
  readonly name: string
  /** The first major version that accepts it. */
  readonly since: number
  /** Older versions fail with this SQLSTATE; if it is left out, with 42601 (syntax error). */
  readonly sqlstate?: string
  /** True on the node that uses it. Left out: the node itself is the feature. */
  readonly when?: (node: Fields, statement: StatementKind) => boolean
}

const has =
  (field: string) =>
  (node: Fields): boolean =>
    Boolean(lookUp(node, field))

const is =
  (field: string, ...values: readonly unknown[]) =>
  (node: Fields): boolean =>
    values.includes(lookUp(node, field))

const items = (list: unknown): readonly Fields[] => (Array.isArray(list) ? (list as Fields[]) : [])

/** Names of the options in `field`, lower case. */
const options = (node: Fields, field: string): readonly string[] =>
  items(lookUp(node, field)).map(item => String((item.DefElem as Fields | undefined)?.defname).toLowerCase())

const option =
  (field: string, ...names: readonly string[]) =>
  (node: Fields): boolean =>
    options(node, field).some(name => names.includes(name))

const command =
  (subtype: string, more: (node: Fields) => boolean = () => true) =>
  (node: Fields): boolean =>
    node.subtype === subtype && more(node)

const isDefault = (def: unknown): boolean =>
  ((def as Fields | undefined)?.String as Fields | undefined)?.sval === 'default'

const json = (name: string, since = 16): readonly Feature[] => [{ name, since }]

/** By kind of node. */
export const features: Readonly<Record<string, readonly Feature[]>> = {
  AlterTableCmd: [
    { name: 'DETACH PARTITION … FINALIZE', since: 14, when: command('AT_DetachPartitionFinalize') },
    { name: 'SET EXPRESSION', since: 17, when: command('AT_SetExpression') },
    { name: 'DROP EXPRESSION', since: 13, when: command('AT_DropExpression') },
    { name: 'SET ACCESS METHOD', since: 15, when: command('AT_SetAccessMethod') },
    { name: 'SET ACCESS METHOD DEFAULT', since: 17, when: command('AT_SetAccessMethod', node => !node.name) },
    { name: 'SET COMPRESSION', since: 14, when: command('AT_SetCompression') },
    { name: 'SET STORAGE DEFAULT', since: 16, when: command('AT_SetStorage', node => isDefault(node.def)) },
    { name: 'SET STATISTICS DEFAULT', since: 17, when: command('AT_SetStatistics', node => !node.def) },
  ],
  PartitionCmd: [{ name: 'DETACH PARTITION … CONCURRENTLY', since: 14, when: has('concurrent') }],
  ATAlterConstraint: [
    { name: 'ALTER CONSTRAINT … ENFORCED', since: 18, when: has('alterEnforceability') },
    {
      name: 'ALTER CONSTRAINT … INHERIT',
      since: 18,
      when: node => Boolean(node.alterInheritability) && !node.noinherit,
    },
    { name: 'ALTER CONSTRAINT … NO INHERIT', since: 18, sqlstate: '0A000', when: has('noinherit') },
  ],
  Constraint: [
    {
      name: 'NOT ENFORCED',
      since: 18,
      when: node => is('contype', 'CONSTR_CHECK', 'CONSTR_FOREIGN')(node) && !node.is_enforced,
    },
    { name: 'NOT ENFORCED', since: 18, when: is('contype', 'CONSTR_ATTR_NOT_ENFORCED') },
    { name: 'ENFORCED', since: 18, when: is('contype', 'CONSTR_ATTR_ENFORCED') },
    {
      name: 'NOT NULL as a table constraint',
      since: 18,
      when: (node, statement) =>
        node.contype === 'CONSTR_NOTNULL' && Boolean(node.keys) && !statement.includes('Domain'),
    },
    {
      name: 'NOT NULL … NO INHERIT',
      since: 18,
      when: node => node.contype === 'CONSTR_NOTNULL' && Boolean(node.is_no_inherit),
    },
    {
      name: 'GENERATED … VIRTUAL',
      since: 18,
      when: node => node.contype === 'CONSTR_GENERATED' && node.generated_kind === 'v',
    },
    { name: 'WITHOUT OVERLAPS', since: 18, when: has('without_overlaps') },
    { name: 'PERIOD', since: 18, when: node => Boolean(node.fk_with_period) || Boolean(node.pk_with_period) },
    { name: 'NULLS NOT DISTINCT', since: 15, when: has('nulls_not_distinct') },
    { name: 'a column list after ON DELETE SET', since: 15, when: has('fk_del_set_cols') },
  ],
  IndexStmt: [{ name: 'NULLS NOT DISTINCT', since: 15, when: has('nulls_not_distinct') }],
  IndexElem: [{ name: 'parameters of an operator class', since: 13, when: has('opclassopts') }],
  ColumnDef: [
    { name: 'COMPRESSION', since: 14, when: has('compression') },
    {
      name: 'STORAGE in a column definition',
      since: 16,
      when: node => Boolean(node.storage_name) || Boolean(node.storage),
    },
  ],
  CreateTrigStmt: [{ name: 'CREATE OR REPLACE TRIGGER', since: 14, when: has('replace') }],
  CreateFunctionStmt: [
    { name: 'a function body in SQL (RETURN, BEGIN ATOMIC)', since: 14, when: has('sql_body') },
    {
      name: 'OUT parameters of procedures',
      since: 14,
      sqlstate: '0A000',
      when: node => Boolean(node.is_procedure) && items(node.parameters).some(isOut),
    },
  ],
  ViewStmt: [{ name: 'security_invoker', since: 15, sqlstate: '22023', when: option('options', 'security_invoker') }],
  CreateStatsStmt: [{ name: 'CREATE STATISTICS without a name', since: 16, when: node => !node.defnames }],
  AlterStatsStmt: [
    { name: 'ALTER STATISTICS … SET STATISTICS', since: 13 },
    { name: 'SET STATISTICS DEFAULT', since: 17, when: node => !node.stxstattarget },
  ],
  CreateSeqStmt: [
    {
      name: 'CREATE UNLOGGED SEQUENCE',
      since: 15,
      sqlstate: '0A000',
      when: node => (node.sequence as Fields).relpersistence === 'u',
    },
  ],
  ReindexStmt: [
    {
      name: 'REINDEX without a name',
      since: 16,
      when: node => is('kind', 'REINDEX_OBJECT_SYSTEM', 'REINDEX_OBJECT_DATABASE')(node) && !node.name,
    },
  ],
  VacuumRelation: [{ name: 'ONLY', since: 18, when: node => !(node.relation as Fields | undefined)?.inh }],
  GrantStmt: [
    { name: 'GRANTED BY for privileges on objects', since: 14, when: has('grantor') },
    { name: 'privileges on parameters', since: 15, when: is('objtype', 'OBJECT_PARAMETER_ACL') },
  ],
  // This field holds the GrantStmt without its name.
  AlterDefaultPrivilegesStmt: [
    {
      name: 'default privileges for large objects',
      since: 18,
      when: node => (node.action as Fields).objtype === 'OBJECT_LARGEOBJECT',
    },
  ],
  GrantRoleStmt: [{ name: 'WITH INHERIT and WITH SET', since: 16, when: option('opt', 'inherit', 'set') }],
  PublicationObjSpec: [
    {
      name: 'FOR TABLES IN SCHEMA',
      since: 15,
      when: is('pubobjtype', 'PUBLICATIONOBJ_TABLES_IN_SCHEMA', 'PUBLICATIONOBJ_TABLES_IN_CUR_SCHEMA'),
    },
    {
      name: 'a column list of a publication',
      since: 15,
      when: node => Boolean((node.pubtable as Fields | undefined)?.columns),
    },
    {
      name: 'a row filter of a publication',
      since: 15,
      when: node => Boolean((node.pubtable as Fields | undefined)?.whereClause),
    },
  ],
  AlterSubscriptionStmt: [
    { name: 'ALTER SUBSCRIPTION … SKIP', since: 15, when: is('kind', 'ALTER_SUBSCRIPTION_SKIP') },
    {
      name: 'ADD and DROP PUBLICATION',
      since: 14,
      when: is('kind', 'ALTER_SUBSCRIPTION_ADD_PUBLICATION', 'ALTER_SUBSCRIPTION_DROP_PUBLICATION'),
    },
  ],
  DropdbStmt: [{ name: 'DROP DATABASE … WITH (FORCE)', since: 13, when: option('options', 'force') }],
  AlterDatabaseRefreshCollStmt: [{ name: 'REFRESH COLLATION VERSION', since: 15 }],
  RenameStmt: [
    {
      name: 'ALTER VIEW … RENAME COLUMN',
      since: 13,
      when: node => node.renameType === 'OBJECT_COLUMN' && node.relationType === 'OBJECT_VIEW',
    },
  ],
  AlterObjectDependsStmt: [{ name: 'NO DEPENDS ON EXTENSION', since: 13, when: has('remove') }],
  AlterTypeStmt: [{ name: 'ALTER TYPE … SET (…)', since: 13 }],
  AlterOperatorStmt: [
    {
      name: 'SET (COMMUTATOR), (NEGATOR), (HASHES) and (MERGES)',
      since: 17,
      when: option('options', 'commutator', 'negator', 'hashes', 'merges'),
    },
  ],
  CreateRangeStmt: [{ name: 'multirange_type_name', since: 14, when: option('params', 'multirange_type_name') }],
  DefineStmt: [
    {
      name: 'rules of a collation',
      since: 16,
      when: node => node.kind === 'OBJECT_COLLATION' && option('definition', 'rules')(node),
    },
  ],
  AlterDomainStmt: [
    {
      name: 'ADD NOT NULL of a domain',
      since: 17,
      when: node => ((node.def as Fields | undefined)?.Constraint as Fields | undefined)?.contype === 'CONSTR_NOTNULL',
    },
  ],
  CreateEventTrigStmt: [{ name: 'the login event', since: 17, when: is('eventname', 'login') }],
  // CURSOR_OPT_ASENSITIVE
  DeclareCursorStmt: [{ name: 'ASENSITIVE', since: 14, when: node => (Number(node.options ?? 0) & 0x10) !== 0 }],
  MergeStmt: [
    { name: 'MERGE', since: 15 },
    { name: 'MERGE … RETURNING', since: 17, when: has('returningClause') },
  ],
  MergeWhenClause: [
    { name: 'WHEN NOT MATCHED BY SOURCE', since: 17, when: is('matchKind', 'MERGE_WHEN_NOT_MATCHED_BY_SOURCE') },
  ],
  SelectStmt: [
    { name: 'GROUP BY DISTINCT', since: 14, when: has('groupDistinct') },
    { name: 'WITH TIES', since: 13, when: is('limitOption', 'LIMIT_OPTION_WITH_TIES') },
  ],
  CommonTableExpr: [
    { name: 'SEARCH', since: 14, when: has('search_clause') },
    { name: 'CYCLE', since: 14, when: has('cycle_clause') },
  ],
  ReturningOption: [{ name: 'RETURNING WITH (OLD AS …)', since: 18 }],
  RangeSubselect: [{ name: 'a subquery in FROM without an alias', since: 16, when: node => !node.alias }],
  JoinExpr: [{ name: 'an alias of JOIN … USING', since: 14, when: has('join_using_alias') }],
  FuncCall: [
    { name: 'IS NORMALIZED', since: 13, when: node => isSyntax(node, 'is_normalized') },
    { name: 'AT LOCAL', since: 17, when: node => isSyntax(node, 'timezone') && items(node.args).length === 1 },
  ],
  XmlSerialize: [{ name: 'XMLSERIALIZE … INDENT', since: 16, when: has('indent') }],
  JsonObjectConstructor: json('JSON_OBJECT with keys'),
  JsonArrayQueryConstructor: json('JSON_ARRAY of a query'),
  JsonObjectAgg: json('JSON_OBJECTAGG'),
  JsonIsPredicate: json('IS JSON'),
  JsonTable: json('JSON_TABLE', 17),
}

/** On any node, whatever its kind. */
export const anywhere: readonly Feature[] = [
  { name: 'CURRENT_ROLE as a role', since: 14, when: is('roletype', 'ROLESPEC_CURRENT_ROLE') },
]

function isOut(parameter: Fields): boolean {
  return (parameter.FunctionParameter as Fields | undefined)?.mode === 'FUNC_PARAM_OUT'
}

function isSyntax(node: Fields, name: string): boolean {
  const last = items(node.funcname).at(-1)?.String as Fields | undefined
  return node.funcformat === 'COERCE_SQL_SYNTAX' && last?.sval === name
}
