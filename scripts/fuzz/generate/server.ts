import type { Random } from '../random.ts'
import { type Files, withAccidents } from './project.ts'
import { oddName } from './words.ts'

const images = [
  'postgres:16-alpine',
  'postgres:9.6',
  'postgis/postgis:15-3.4',
  'bitnami/postgresql:16.1.0',
  'timescale/timescaledb-ha:pg14.6-ts2.9-latest',
  `postgres:$${'{PG:-15}'}`,
  `postgres:$${'{{ matrix.pg }}'}`,
  'postgres:$PG',
  'postgres:<<parameters.pg>>',
  'postgres:2024',
  'postgres',
]

/** Each file that may name the server, with an image or a version in it. */
const files: Readonly<Record<string, (image: string, version: string) => string>> = {
  'supabase/config.toml': (_, version) => `[db]\nmajor_version = ${version}\n`,
  'compose.yaml': image => `x: &x\n  image: ${image}\nservices:\n  db:\n    <<: *x\n  other: { image: "${image}" }\n`,
  'docker/docker-compose.test.yml': image => `services:\n  # ${image}\n  db:\n    image: "${image}"\n`,
  'k8s/base/cluster.yml': (image, version) =>
    `kind: Cluster\nspec:\n  imageName: ${image}\n---\nkind: PostgresCluster\nspec:\n  postgresVersion: ${version}\n`,
  'charts/app/values.yaml': (_, version) => `postgresql:\n  image:\n    repository: postgres\n    tag: "${version}"\n`,
  '.github/workflows/test.yml': (image, version) =>
    `jobs:\n  a:\n    strategy:\n      matrix:\n        pg: [14, "${version}"]\n        include:\n          - pg: 17\n    services:\n      db:\n        image: ${image}\n`,
  '.gitlab-ci.yml': (image, version) => `variables:\n  PG: "${version}"\ntest:\n  services: ["${image}"]\n`,
  '.circleci/config.yml': image =>
    `jobs:\n  a:\n    parameters: { pg: { default: "15" } }\n    docker:\n      - image: ${image}\n`,
  'bitbucket-pipelines.yml': image => `definitions:\n  services:\n    db:\n      image: ${image}\n`,
  '.devcontainer/devcontainer.json': image =>
    JSON.stringify({ image, features: { 'x/postgres:1': { version: '16' } } }),
  'build.gradle': image =>
    `testImplementation "x"\nPostgreSQLContainer("${image}")\n// jdbc:tc:postgresql:${image}:///x\n`,
  'pom.xml': image =>
    `<project><!-- jdbc:tc: --><url>jdbc:tc:postgresql:15:///x</url><image>${image}</image></project>\n`,
  'src/test/resources/application.yml': image => `spring:\n  url: jdbc:tc:postgresql:13:///x\n  image: ${image}\n`,
  Dockerfile: (image, version) => `ARG PG=${version}\nARG B=$PG\nFROM ${image} AS a\nFROM postgres:$B\nFROM a\n`,
  'terraform/db.tf': (_, version) =>
    `variable "v" {\n  default = "${version}"\n}\nresource "aws_db_instance" "a" {\n  engine = "postgres"\n  engine_version = var.v\n}\n`,
  'terraform/variables.tf': (_, version) => `variable "v" { default = "${version}" }\n# postgres\n`,
  '.tool-versions': (_, version) => `nodejs 20\npostgres ${version}\n`,
  'mise.toml': (_, version) => `[tools]\npostgres = ["${version}", "15"]\n`,
}

/** Files that name the version of the server, some of them damaged. */
export function serverFiles(random: Random): Files {
  const image = () => (random.chance(85) ? random.pick(images) : `postgres:${oddName(random)}`)
  const version = () => (random.chance(85) ? random.pick(['16', '14.2', '9', '99', '16beta1', '-1']) : oddName(random))
  const paths = Object.keys(files)
  const made: Files = new Map()
  for (let left = random.between(1, 6); left > 0; left--) {
    const path = random.pick(paths)
    const text = files[path]?.(image(), version()) ?? ''
    made.set(path, random.chance(65) ? text : withAccidents(random, text))
  }
  return made
}
