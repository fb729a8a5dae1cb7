import type { Session } from './session.ts'

/**
 * All that the database has and PostgreSQL does not bring: what it is, in PostgreSQL's words (`table public.users`, `column public.users.id`) → how
 * it is defined. Rows, the place of a column among others, and the next value of a sequence are not part of it.
 */
export type DatabaseCatalog = ReadonlyMap<string, string>

/** Objects of PostgreSQL itself have lower numbers ("OID Assignment" in the manual's chapter on the system catalogs). */
const firstOwn = 16384

/** True for what is there by itself: PostgreSQL does not bring it, and neither do extensions and other objects (`pg_depend`). */
function own(catalog: string, oid: string): string {
  const bringing = `SELECT FROM pg_depend d WHERE d.classid = '${catalog}'::regclass AND d.objid = ${oid} AND d.objsubid = 0 AND d.deptype IN ('e', 'i')`
  return `${oid} >= ${firstOwn} AND NOT EXISTS (${bringing})`
}

const described = (catalog: string) => `pg_describe_object('${catalog}'::regclass, x.oid, 0)`

/** Queries with two columns: what it is, and how it is defined. They hold for PostgreSQL 12 to 18. */
const queries: readonly string[] = [
  `SELECT 'schema ' || quote_ident(nspname), coalesce(nspacl::text, '')
   FROM pg_namespace x WHERE nspname !~ '^pg_(toast|temp)' AND nspname <> 'information_schema' AND (${own('pg_namespace', 'x.oid')} OR nspname = 'public')`,

  `SELECT ${described('pg_class')}, concat_ws(', ',
     CASE x.relpersistence WHEN 'u' THEN 'UNLOGGED' END,
     'PARTITION BY ' || CASE WHEN x.relkind = 'p' THEN pg_get_partkeydef(x.oid) END,
     CASE WHEN x.relispartition THEN 'partition ' || pg_get_expr(x.relpartbound, x.oid) END,
     (SELECT 'child of ' || string_agg(inhparent::regclass::text, ', ' ORDER BY inhseqno) FROM pg_inherits WHERE inhrelid = x.oid),
     array_to_string(x.reloptions, ', '),
     CASE WHEN x.relrowsecurity THEN 'row level security' END, CASE WHEN x.relforcerowsecurity THEN 'forced' END,
     CASE WHEN x.relkind IN ('r', 'p', 'm') AND x.relreplident <> 'd' THEN 'replica identity ' || x.relreplident::text END,
     (SELECT 'tablespace ' || spcname FROM pg_tablespace t WHERE t.oid = x.reltablespace),
     CASE WHEN x.relkind IN ('v', 'm') THEN pg_get_viewdef(x.oid) END,
     CASE WHEN x.relkind IN ('i', 'I') THEN pg_get_indexdef(x.oid) END,
     (SELECT nullif(concat_ws(', ', CASE WHEN NOT indisvalid THEN 'not valid' END, CASE WHEN indisclustered THEN 'clustered' END, CASE WHEN indisreplident THEN 'replica identity' END), '')
      FROM pg_index WHERE indexrelid = x.oid),
     (SELECT format('%s from %s to %s by %s%s', seqtypid::regtype, seqmin, seqmax, seqincrement, CASE WHEN seqcycle THEN ', cycles' END) FROM pg_sequence WHERE seqrelid = x.oid),
     'owner ' || nullif(pg_get_userbyid(x.relowner), session_user), 'privileges ' || x.relacl::text)
   FROM pg_class x JOIN pg_namespace n ON n.oid = x.relnamespace
   WHERE x.relkind IN ('r', 'p', 'f', 'v', 'm', 'i', 'I', 'S') AND n.nspname !~ '^pg_(toast|temp|catalog)' AND ${own('pg_class', 'x.oid')}`,

  `SELECT pg_describe_object('pg_class'::regclass, c.oid, a.attnum), concat_ws(', ',
     format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'NOT NULL' END,
     CASE WHEN a.attidentity <> '' THEN 'identity ' || a.attidentity::text END,
     CASE WHEN a.attgenerated = '' THEN 'DEFAULT ' ELSE 'generated ' || a.attgenerated::text || ' ' END || pg_get_expr(f.adbin, f.adrelid),
     (SELECT 'COLLATE ' || l.collname FROM pg_collation l JOIN pg_type t ON t.oid = a.atttypid WHERE l.oid = a.attcollation AND a.attcollation <> t.typcollation),
     (SELECT 'storage ' || a.attstorage::text FROM pg_type t WHERE t.oid = a.atttypid AND t.typstorage <> a.attstorage),
     'statistics ' || nullif(a.attstattarget, -1)::text, array_to_string(a.attoptions, ', '), 'privileges ' || a.attacl::text)
   FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
   LEFT JOIN pg_attrdef f ON f.adrelid = c.oid AND f.adnum = a.attnum
   WHERE c.relkind IN ('r', 'p', 'f') AND n.nspname !~ '^pg_(toast|temp|catalog)' AND ${own('pg_class', 'c.oid')}`,

  // From 18 on, NOT NULL is a constraint, too, with a name that PostgreSQL may have chosen: the column says it.
  `SELECT ${described('pg_constraint')}, pg_get_constraintdef(x.oid) FROM pg_constraint x
   JOIN pg_namespace n ON n.oid = x.connamespace WHERE x.contype <> 'n' AND n.nspname !~ '^pg_(toast|temp|catalog)' AND ${own('pg_constraint', 'x.oid')}`,

  `SELECT ${described('pg_trigger')}, pg_get_triggerdef(x.oid) || CASE x.tgenabled WHEN 'O' THEN '' ELSE ', enabled ' || x.tgenabled::text END
   FROM pg_trigger x WHERE NOT x.tgisinternal AND ${own('pg_trigger', 'x.oid')}`,

  `SELECT ${described('pg_rewrite')}, pg_get_ruledef(x.oid) FROM pg_rewrite x WHERE x.rulename <> '_RETURN' AND ${own('pg_rewrite', 'x.oid')}`,

  `SELECT ${described('pg_policy')}, concat_ws(', ', polcmd, CASE WHEN NOT polpermissive THEN 'restrictive' END, polroles::regrole[]::text,
     'using ' || pg_get_expr(polqual, polrelid), 'check ' || pg_get_expr(polwithcheck, polrelid))
   FROM pg_policy x WHERE ${own('pg_policy', 'x.oid')}`,

  `SELECT ${described('pg_type')}, concat_ws(', ',
     CASE x.typtype WHEN 'e' THEN (SELECT string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = x.oid)
       WHEN 'd' THEN format_type(x.typbasetype, x.typtypmod) || CASE WHEN x.typnotnull THEN ' NOT NULL' ELSE '' END
       WHEN 'c' THEN (SELECT string_agg(concat_ws(' ', attname, format_type(atttypid, atttypmod)), ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = x.typrelid AND NOT attisdropped)
       WHEN 'r' THEN (SELECT 'range of ' || rngsubtype::regtype FROM pg_range WHERE rngtypid = x.oid) END,
     'DEFAULT ' || x.typdefault, 'privileges ' || x.typacl::text)
   FROM pg_type x JOIN pg_namespace n ON n.oid = x.typnamespace
   WHERE (x.typtype IN ('e', 'd', 'r') OR x.typtype = 'b' AND x.typelem = 0 OR x.typtype = 'c' AND (SELECT relkind FROM pg_class WHERE oid = x.typrelid) = 'c')
    AND n.nspname !~ '^pg_(toast|temp|catalog)' AND ${own('pg_type', 'x.oid')}`,

  `SELECT ${described('pg_proc')}, concat_ws(', ',
     CASE WHEN x.prokind = 'a' THEN (SELECT format('%s, %s, %s', aggtransfn, aggfinalfn, agginitval) FROM pg_aggregate WHERE aggfnoid = x.oid) ELSE pg_get_functiondef(x.oid) END,
     'privileges ' || x.proacl::text)
   FROM pg_proc x JOIN pg_namespace n ON n.oid = x.pronamespace WHERE n.nspname !~ '^pg_(toast|temp|catalog)' AND ${own('pg_proc', 'x.oid')}`,

  `SELECT ${described('pg_statistic_ext')}, pg_get_statisticsobjdef(x.oid) FROM pg_statistic_ext x WHERE ${own('pg_statistic_ext', 'x.oid')}`,

  `SELECT 'extension ' || quote_ident(extname), extversion FROM pg_extension x WHERE x.oid >= ${firstOwn}`,

  `SELECT ${described('pg_event_trigger')}, concat_ws(', ', evtevent, evtfoid::regproc, evtenabled, evttags::text) FROM pg_event_trigger x WHERE ${own('pg_event_trigger', 'x.oid')}`,

  `SELECT 'publication ' || quote_ident(pubname), concat_ws(', ', CASE WHEN puballtables THEN 'all tables' END, pubinsert, pubupdate, pubdelete, pubtruncate,
     (SELECT string_agg(format('%I.%I', schemaname, tablename), ', ' ORDER BY schemaname, tablename) FROM pg_publication_tables t WHERE t.pubname = x.pubname))
   FROM pg_publication x`,

  `SELECT 'privileges by default of ' || pg_get_userbyid(defaclrole) || ', ' || defaclobjtype::text || coalesce(' in ' || nspname, ''), defaclacl::text
   FROM pg_default_acl x LEFT JOIN pg_namespace n ON n.oid = defaclnamespace`,

  `SELECT 'role ' || quote_ident(rolname), concat_ws(', ', CASE WHEN rolsuper THEN 'superuser' END, CASE WHEN rolcanlogin THEN 'login' END, CASE WHEN rolcreatedb THEN 'createdb' END,
     CASE WHEN rolcreaterole THEN 'createrole' END, CASE WHEN rolbypassrls THEN 'bypassrls' END, CASE WHEN NOT rolinherit THEN 'noinherit' END, array_to_string(rolconfig, ', '))
   FROM pg_roles x WHERE x.oid >= ${firstOwn}`,

  `SELECT 'comment on ' || pg_describe_object(classoid, objoid, objsubid), description FROM pg_description x
   WHERE objoid >= ${firstOwn} AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = x.classoid AND d.objid = x.objoid AND d.deptype = 'e') AND classoid <> 'pg_extension'::regclass`,

  // Of these, it only matters whether they are there.
  ...[
    'pg_cast',
    'pg_collation',
    'pg_conversion',
    'pg_foreign_data_wrapper',
    'pg_foreign_server',
    'pg_language',
    'pg_opclass',
    'pg_operator',
    'pg_opfamily',
    'pg_ts_config',
    'pg_ts_dict',
    'pg_ts_parser',
    'pg_ts_template',
    'pg_am',
  ].map(catalog => `SELECT ${described(catalog)}, '' FROM ${catalog} x WHERE ${own(catalog, 'x.oid')}`),
]

/**
 * The catalog of the session's database as the session sees it. A transaction that is open goes on, without further locks. Rejects like
 * `Session.send`.
 */
export async function catalogOf(session: Session): Promise<DatabaseCatalog> {
  // What a migration has set in its session must not change the answer: temporary tables come last, and there is no limit. Definitions name
  // the schema of everything that is not on the search path.
  const isOpen = session.block === 'open'
  const [begin, end] = isOpen
    ? [
        'SAVEPOINT migrate_lint_catalog',
        'ROLLBACK TO SAVEPOINT migrate_lint_catalog; RELEASE SAVEPOINT migrate_lint_catalog',
      ]
    : ['BEGIN', 'ROLLBACK']
  await session.send(begin)
  try {
    await session.send('SET LOCAL search_path TO pg_catalog, pg_temp; SET LOCAL statement_timeout TO 0')
    const found = new Map<string, string>()
    const rows = await session.send(queries.map(query => `(${query})`).join(' UNION ALL '))
    for (const [what, definition] of rows) if (what) found.set(what, definition ?? '')
    return found
  } finally {
    await session.send(end)
  }
}
