import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { mapTree } from '../../src/systems/reading/tree.ts'
import { findVersions } from '../../src/systems/server/find.ts'
import { imageVersion } from '../../src/systems/server/image.ts'
import { placeKinds } from '../../src/systems/server/place.ts'

describe('the version in the name of an image', () => {
  test.each([
    ['postgres:16-alpine', '16'],
    ['postgres:16.1', '16.1'],
    ['postgres:17beta1', '17'],
    ['postgres:9.6-alpine', '9.6'],
    ['docker.io/library/postgres:13.4-bullseye', '13.4'],
    ['localhost:5000/postgres:14', '14'],
    ['public.ecr.aws/docker/library/postgres:15', '15'],
    ['postgres:15@sha256:0123456789abcdef', '15'],
    ['postgis/postgis:15-3.4', '15'],
    ['timescale/timescaledb:latest-pg14', '14'],
    ['timescale/timescaledb:2.11.1-pg15', '15'],
    ['timescale/timescaledb-ha:pg14.6-ts2.9-latest', '14.6'],
    ['pgvector/pgvector:pg17', '17'],
    ['pgvector/pgvector:0.7.0-pg16', '16'],
    ['bitnami/postgresql:16.1.0', '16.1'],
    ['bitnami/postgresql:15.4.0-debian-11-r45', '15.4'],
    ['supabase/postgres:15.1.0.147', '15.1'],
    ['ghcr.io/immich-app/postgres:14-vectorchord0.3.0-pgvectors0.2.0', '14'],
    ['cimg/postgres:14.0', '14.0'],
    ['quay.io/sclorg/postgresql-15-c9s:latest', '15'],
    ['registry.opensource.zalan.do/acid/spilo-14:2.1-p7', '14'],
    ['registry.developers.crunchydata.com/crunchydata/crunchy-postgres:ubi8-14.7-0', '14.7'],
    ['apache/age:PG16_latest', '16'],
    ['groonga/pgroonga:3.1.6-alpine-16', '16'],
  ])('%s is %s', (image, version) => {
    expect(imageVersion(image)).toBe(version)
  })

  test.each([
    'postgres',
    'postgres:latest',
    'postgres:alpine',
    'postgres@sha256:0123456789abcdef',
    'pgvector/pgvector:latest',
    'prometheuscommunity/postgres-exporter:v0.15.0',
    'dpage/pgadmin4:8.4',
    'edoburu/pgbouncer:1.21.0',
    'acme/postgres:3',
    'acme/billing:15',
    'redis:7',
    'postgres:2024',
    'postgres:${PG}',
    `postgres:${'1'.repeat(400)}`,
    '',
  ])('%s says nothing', image => {
    expect(imageVersion(image)).toBeNull()
  })
})

/** What the files say, as `version path:line`. */
async function named(files: Readonly<Record<string, string>>, folders: readonly string[] = ['']): Promise<string[]> {
  const found = await findVersions(mapTree(files), folders)
  return found.map(({ version, path, line }) => `${version} ${path}:${line}`)
}

const matrix = `on: push
jobs:
  test:
    runs-on: ubuntu-latest
    strategy:
      matrix:
        pg: [14, "16"]
        db: ["postgres:13", "mysql:8"]
        include:
          - pg: 17
            name: newest
    env:
      TAG: 12-alpine
    services:
      one:
        image: postgres:\${{ matrix.pg }}-alpine
      two:
        image: \${{ matrix.db }}
      three:
        image: postgres:\${{ env.TAG }}
      four:
        image: postgres:\${{ matrix.unknown }}
      five:
        image: postgres:\${{ fromJSON(needs.x.outputs.pg) }}
    steps:
      - uses: ikalnytskyi/action-setup-postgres@v6
        with:
          postgres-version: "15"
      - uses: actions/setup-node@v4
        with:
          postgres-version: "12"
`

describe('files that name the server', () => {
  test.each<[string, Record<string, string>, string[]]>([
    [
      'Supabase',
      { 'supabase/config.toml': '[api]\nport = 1\n[db]\nmajor_version = 15\n' },
      ['15 supabase/config.toml:4'],
    ],
    [
      'Compose, with defaults of variables',
      {
        'compose.yaml': 'services:\n  # image: postgres:12\n  db:\n    image: postgres:16-alpine\n',
        'docker-compose.test.yml': 'services:\n  db:\n    image: "postgres:${PG_VERSION:-15}"\n',
        'docker/docker-compose.yml':
          'services:\n  a: { image: "postgres:${PG-14}" }\n  b: { image: "postgres:${PG}" }\n',
        'other/compose.yml': 'services:\n  db:\n    image: postgres:12\n',
      },
      ['16 compose.yaml:4', '15 docker-compose.test.yml:3', '14 docker/docker-compose.yml:2'],
    ],
    [
      'Kubernetes, Helm and operators',
      {
        'k8s/db.yaml':
          'kind: Service\n---\nkind: StatefulSet\nspec:\n  template:\n    spec:\n      containers:\n        - image: postgres:13\n',
        'k8s/base/cluster.yml': 'kind: Cluster\nspec:\n  imageName: ghcr.io/cloudnative-pg/postgresql:16.2\n',
        'k8s/base/zalando.yml': 'kind: postgresql\nspec:\n  postgresql:\n    version: "14"\n',
        'k8s/base/other.yml': 'kind: postgres-exporter\nspec:\n  postgresql:\n    version: "12"\n',
        'k8s/base/crunchy.yml': 'kind: PostgresCluster\nspec:\n  postgresVersion: 17\n',
        'k8s/base/kustomization.yaml': 'images:\n  - name: postgres\n    newTag: "18"\n',
        'charts/app/values.yaml':
          'postgresql:\n  image:\n    tag: 15.4.0-debian-11-r45\nweb:\n  image:\n    tag: "12"\n',
        'charts/db/values.yaml': 'image:\n  repository: bitnami/postgresql\n  tag: 16.4.0\n',
        'charts/app/templates/db.yaml': 'image: {{ .Values.postgres }}\n  x: postgres:12\n',
      },
      [
        '13 k8s/db.yaml:8',
        '16.2 k8s/base/cluster.yml:3',
        '17 k8s/base/crunchy.yml:3',
        '18 k8s/base/kustomization.yaml:3',
        '14 k8s/base/zalando.yml:4',
        '15.4 charts/app/values.yaml:3',
        '16.4 charts/db/values.yaml:3',
      ],
    ],
    [
      'GitHub Actions, with matrices',
      { '.github/workflows/ci.yml': matrix },
      ['14', '16', '17', '13', '12', '15'].map(
        version => `${version} .github/workflows/ci.yml:${{ 13: 18, 12: 20, 15: 28 }[version] ?? 16}`,
      ),
    ],
    [
      'GitLab CI',
      {
        '.gitlab-ci.yml':
          'variables:\n  PG: "15"\ntest:\n  services:\n    - postgres:$PG\n    - name: postgis/postgis:14-3.3\n      alias: db\nmore:\n  parallel:\n    matrix:\n      - V: ["16", "17"]\n  services: ["postgres:${V}"]\n',
      },
      ['15 .gitlab-ci.yml:5', '14 .gitlab-ci.yml:6', '16 .gitlab-ci.yml:12', '17 .gitlab-ci.yml:12'],
    ],
    [
      'CircleCI',
      {
        '.circleci/config.yml':
          'jobs:\n  test:\n    parameters:\n      pg: { type: string, default: "14.9" }\n      v: { type: string }\n    docker:\n      - image: cimg/node:20\n      - image: cimg/postgres:<< parameters.pg >>\n      - image: cimg/postgres:<<parameters.v>>\nworkflows:\n  all:\n    jobs:\n      - test:\n          matrix:\n            parameters:\n              v: ["15.1", "16.0"]\n',
      },
      ['14.9 .circleci/config.yml:8', '15.1 .circleci/config.yml:9', '16.0 .circleci/config.yml:9'],
    ],
    [
      'other pipelines',
      {
        '.drone.yml': 'kind: pipeline\nservices:\n  - name: db\n    image: postgres:13\n',
        '.travis.yml': 'addons:\n  postgresql: "12"\n',
        'bitbucket-pipelines.yml': 'definitions:\n  services:\n    db:\n      image: postgres:14\n',
        'render.yaml': 'databases:\n  - name: x\n    postgresMajorVersion: "15"\n',
      },
      ['13 .drone.yml:4', '12 .travis.yml:2', '14 bitbucket-pipelines.yml:4', '15 render.yaml:3'],
    ],
    [
      'development containers',
      { '.devcontainer/devcontainer.json': '{\n  // image\n  "image": "postgres:16",\n}\n' },
      ['16 .devcontainer/devcontainer.json:3'],
    ],
    [
      'Testcontainers in build files',
      {
        'build.gradle':
          'jooq {\n  // url = "jdbc:tc:postgresql:12:///x"\n  url = "jdbc:tc:postgresql:15-alpine:///x"\n}\ndependencies { testImplementation "io.zonky.test.postgres:embedded-postgres-binaries-bom:16.2.0" }\n',
        'pom.xml':
          '<project><properties><pg>14</pg></properties><!-- jdbc:tc:postgresql:12: --><url>jdbc:tc:postgis:${pg}-3.3:///x</url><dependency><groupId>io.zonky.test.postgres</groupId><artifactId>embedded-postgres-binaries-bom</artifactId><version>13.4.0</version></dependency></project>',
        'src/test/resources/application-test.yml': 'spring:\n  datasource:\n    url: jdbc:tc:postgresql:17:///x\n',
        'src/test/resources/application.properties':
          '# jdbc:tc:postgresql:12:\nurl=jdbc:tc:timescaledb:latest-pg16:///x\n',
      },
      [
        '15 build.gradle:3',
        '16.2 build.gradle:5',
        '14 pom.xml:1',
        '13.4 pom.xml:1',
        '17 src/test/resources/application-test.yml:3',
        '16 src/test/resources/application.properties:2',
      ],
    ],
    [
      'Dockerfiles',
      {
        Dockerfile: 'FROM node:20\n# FROM postgres:12\nRUN apt-get install postgresql-client-13\n',
        'docker/db/Dockerfile': 'ARG PG=16\nFROM --platform=linux/amd64 postgres:${PG}-alpine AS db\n',
        'db/Dockerfile.test': 'FROM postgis/postgis:14-3.3\n',
      },
      ['16 docker/db/Dockerfile:2', '14 db/Dockerfile.test:1'],
    ],
    [
      'Terraform',
      {
        'terraform/db.tf':
          'resource "aws_db_instance" "a" {\n  engine         = "postgres"\n  engine_version = "15.4"\n}\nresource "aws_db_instance" "b" {\n  engine = "mysql"\n  engine_version = "8.0"\n}\nresource "google_sql_database_instance" "c" {\n  database_version = "POSTGRES_14"\n}\nresource "aws_rds_cluster" "d" {\n  engine = "aurora-postgresql"\n  engine_version = var.pg\n}\n# engine_version = "12"\n',
        'terraform/variables.tf': 'variable "pg" {\n  default = "16.2" # postgres\n}\n',
        'terraform/prod/main.tf':
          'module "db" {\n  source = "terraform-aws-modules/rds/aws"\n  engine = "postgres"\n  engine_version = 13\n}\nresource "azurerm_postgresql_flexible_server" "x" {\n  version = "17"\n}\n',
      },
      [
        '15.4 terraform/db.tf:3',
        '14 terraform/db.tf:10',
        '16.2 terraform/db.tf:14',
        '17 terraform/prod/main.tf:7',
        '13 terraform/prod/main.tf:4',
      ],
    ],
    [
      'versions of tools',
      { '.tool-versions': 'nodejs 20.1.0\npostgres 15.4\n', 'mise.toml': '[tools]\nnode = "20"\npostgres = "16"\n' },
      ['15.4 .tool-versions:2', '16 mise.toml:3'],
    ],
  ])('%s', async (_, files, expected) => {
    expect(await named(files)).toEqual(expected)
  })

  test('in the folders around a project count, and those beside it do not', async () => {
    const compose = (version: number) => `services:\n  db:\n    image: postgres:${version}\n`
    const files = {
      'apps/api/compose.yaml': compose(15),
      'apps/web/compose.yaml': compose(13),
      'compose.yaml': compose(16),
    }
    expect(await named(files, ['apps/api/db', 'apps/api', 'apps', ''])).toEqual([
      '15 apps/api/compose.yaml:3',
      '16 compose.yaml:3',
    ])
  })

  test('that are broken say nothing', async () => {
    const files = {
      'compose.yaml': 'services: [postgres:16\n  image: postgres:12',
      'pom.xml': '<project><url>jdbc:tc:postgresql:12:///x</project>',
      'supabase/config.toml': '[db\nmajor_version = 12',
      '.devcontainer/devcontainer.json': '{{"image": "postgres:12"',
      'terraform/a.tf': 'resource "aws_db_instance" { engine = "postgres" engine_version = "${local.x}" ',
    }
    expect(await named(files)).toEqual([])
  })
})

test('the page about the server has a row for each kind of files, in their order', () => {
  const page = readFileSync(new URL('../../docs/server.md', import.meta.url), 'utf8')
  const [, section = ''] = page.split('## Files that name it\n')
  const [table = ''] = section.split('\n## ')
  const rows = Array.from(table.matchAll(/^\| ([^|]+) \|/gm), ([, first = '']) => first).filter(row => row !== 'what')
  expect(rows).toEqual(placeKinds.map(({ title }) => title))
})
