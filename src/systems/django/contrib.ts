import { fieldOf } from './field.ts'
import type { Kept } from './kept.ts'
import type { Model, Tiers } from './state.ts'

/**
 * The models of Django's own apps after their last migrations, as far as migrations of a project may depend on them. They come from
 * `MigrationLoader(None).project_state()` of Django 5.2 with these apps installed. Their primary keys have been the same since 1.7.
 */
export function contribModels(): Tiers<Model> {
  contrib ??= new Map(
    Object.entries(described).map(([app, models]) => [
      app,
      new Map(Object.entries(models).map(([name, each]) => [name.toLowerCase(), modelOf(app, name, each)])),
    ]),
  )
  return contrib
}

let contrib: Tiers<Model> | undefined

type Options = Readonly<Record<string, Kept>>

interface Described {
  readonly options?: Options
  readonly unique?: readonly string[]
  readonly fields: Readonly<Record<string, readonly [name: string, options?: Options]>>
}

const key = ['AutoField', { primary_key: true }] as const
const char = (max_length: number, more: Options = {}) => ['CharField', { max_length, ...more }] as const
const to = (label: Kept, more: Options = {}) => ['ForeignKey', { to: label, ...more }] as const
const many = (label: string) => ['ManyToManyField', { to: label }] as const
const table = (db_table: string) => ({ options: { db_table } })
const user: Kept = { kind: 'named', path: 'django.conf.settings.AUTH_USER_MODEL' }
const text = ['TextField'] as const
const time = ['DateTimeField'] as const
const truth = ['BooleanField'] as const

const described: Readonly<Record<string, Readonly<Record<string, Described>>>> = {
  admin: {
    LogEntry: {
      ...table('django_admin_log'),
      fields: {
        id: key,
        action_time: time,
        object_id: ['TextField', { null: true }],
        object_repr: char(200),
        action_flag: ['PositiveSmallIntegerField'],
        change_message: text,
        content_type: to('contenttypes.ContentType', { null: true }),
        user: to(user),
      },
    },
  },
  auth: {
    Group: { fields: { id: key, name: char(150, { unique: true }), permissions: many('auth.Permission') } },
    Permission: {
      unique: ['content_type', 'codename'],
      fields: { id: key, name: char(255), content_type: to('contenttypes.ContentType'), codename: char(100) },
    },
    User: {
      options: { swappable: 'AUTH_USER_MODEL' },
      fields: {
        id: key,
        password: char(128),
        last_login: ['DateTimeField', { null: true }],
        is_superuser: truth,
        username: char(150, { unique: true }),
        first_name: char(150),
        last_name: char(150),
        email: ['EmailField'],
        is_staff: truth,
        is_active: truth,
        date_joined: time,
        groups: many('auth.Group'),
        user_permissions: many('auth.Permission'),
      },
    },
  },
  contenttypes: {
    ContentType: {
      ...table('django_content_type'),
      unique: ['app_label', 'model'],
      fields: { id: key, app_label: char(100), model: char(100) },
    },
  },
  flatpages: {
    FlatPage: {
      ...table('django_flatpage'),
      fields: {
        id: key,
        url: char(100, { db_index: true }),
        title: char(200),
        content: text,
        enable_comments: truth,
        template_name: char(70),
        registration_required: truth,
        sites: many('sites.Site'),
      },
    },
  },
  redirects: {
    Redirect: {
      ...table('django_redirect'),
      unique: ['site', 'old_path'],
      fields: { id: key, site: to('sites.Site'), old_path: char(200, { db_index: true }), new_path: char(200) },
    },
  },
  sessions: {
    Session: {
      ...table('django_session'),
      fields: {
        session_key: char(40, { primary_key: true }),
        session_data: text,
        expire_date: ['DateTimeField', { db_index: true }],
      },
    },
  },
  sites: {
    Site: { ...table('django_site'), fields: { id: key, domain: char(100, { unique: true }), name: char(50) } },
  },
}

function modelOf(app: string, name: string, { options = {}, unique, fields }: Described): Model {
  return {
    app,
    name,
    fields: new Map(
      Object.entries(fields).map(([field, [kind, own = {}]]) => [
        field,
        fieldOf(field, {
          kind: 'made',
          path: `django.db.models.${kind}`,
          args: [],
          named: new Map(Object.entries(own)),
        }),
      ]),
    ),
    options: new Map(Object.entries(options)),
    unique: unique ? [unique] : [],
    together: [],
    indexes: [],
    constraints: [],
    bases: [],
  }
}
