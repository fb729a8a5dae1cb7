type ReaderName = keyof typeof import('./readers.ts').readers

/** A kind of files that name the server. */
export interface PlaceKind {
  /** For people: `Compose file`. */
  readonly title: string
  /** Below a folder of the project, or one around it; `*` is one folder of any name. */
  readonly folders: readonly string[]
  /** The name of the file. */
  readonly name: RegExp
  /** A file without this says nothing, and is not parsed. */
  readonly hint: RegExp
  readonly reader: ReaderName
}

const image = /postg|timescale|pgvec|vchord|paradedb|citus|apache\/age|spilo|pgroonga/i
const containers = [
  '',
  'docker',
  '.docker',
  'dev',
  'deploy',
  'deployment',
  'infra',
  'local',
  'compose',
  '.devcontainer',
]
const clusters = [
  'k8s',
  'kubernetes',
  'kube',
  'deploy',
  'deployment',
  'manifests',
  'infra',
  'ops',
  'charts',
  'chart',
  'helm',
]

/**
 * The files that are looked at, in the order in which they are named to people. Every project has the files of its own folder and of the
 * folders around it, up to the root of the repository.
 */
export const placeKinds: readonly PlaceKind[] = [
  { title: 'Supabase', folders: ['supabase'], name: /^config\.toml$/, hint: /major_version/, reader: 'supabase' },
  {
    title: 'Compose',
    folders: containers,
    name: /^(?:docker-)?compose(?:[.-][\w.-]+)?\.ya?ml$/,
    hint: image,
    reader: 'yaml',
  },
  {
    title: 'Kubernetes',
    folders: clusters.flatMap(folder => [folder, `${folder}/*`, `${folder}/*/*`]),
    name: /^[\w.-]+\.ya?ml$/,
    hint: image,
    reader: 'yaml',
  },
  {
    title: 'GitHub Actions',
    folders: ['.github/workflows'],
    name: /\.ya?ml$/,
    hint: image,
    reader: 'yaml',
  },
  {
    title: 'GitLab CI',
    folders: ['', '.gitlab', '.gitlab/ci'],
    name: /^\.?gitlab-ci[\w.-]*\.ya?ml$/,
    hint: image,
    reader: 'yaml',
  },
  { title: 'CircleCI', folders: ['.circleci'], name: /^config\.ya?ml$/, hint: image, reader: 'yaml' },
  {
    title: 'continuous integration',
    folders: ['', '.woodpecker', '.buildkite'],
    name: /^(?:\.drone|\.travis|\.woodpecker[\w-]*|bitbucket-pipelines|azure-pipelines|pipeline|render)\.ya?ml$/,
    hint: image,
    reader: 'yaml',
  },
  {
    title: 'development container',
    folders: ['', '.devcontainer', '.devcontainer/*'],
    name: /^\.?devcontainer\.json$/,
    hint: image,
    reader: 'devcontainer',
  },
  {
    title: 'Testcontainers',
    folders: ['', 'src/test/resources'],
    name: /^(?:build\.gradle(?:\.kts)?|pom\.xml|application[\w-]*\.(?:ya?ml|properties))$/,
    hint: /jdbc:tc:|embedded-postgres-binaries|postgres:|postgis:|timescaledb(?:-ha)?:|pgvector:|bitnami/,
    reader: 'buildFile',
  },
  {
    title: 'Dockerfile',
    folders: [...containers, 'docker/*', 'db', 'database', 'postgres', 'postgresql'],
    name: /^[Dd]ockerfile(?:\.[\w.-]+)?$|\.[Dd]ockerfile$/,
    hint: image,
    reader: 'dockerfile',
  },
  {
    title: 'Terraform',
    folders: [
      '',
      ...['terraform', 'tf', 'infra', 'infrastructure', 'iac', 'deploy', 'ops'].flatMap(at => [
        at,
        `${at}/*`,
        `${at}/*/*`,
      ]),
    ],
    name: /\.tf$/,
    hint: /postgres|"pg"/i,
    reader: 'terraform',
  },
  { title: 'tool versions', folders: [''], name: /^\.tool-versions$/, hint: /^postgres/m, reader: 'toolVersions' },
  {
    title: 'mise',
    folders: ['', '.mise', '.config/mise'],
    name: /^\.?mise\.toml$|^config\.toml$/,
    hint: /postgres/,
    reader: 'mise',
  },
]
