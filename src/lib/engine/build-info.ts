import packageJson from '../../../package.json' with {type: 'json'}

export {STORE_FORMAT} from '../adapters/sqlite/migrate.js'

/** The version of this package. */
export const RAG_VERSION: string = packageJson.version
