import {serveThread} from '../../kernel/threads/serve-thread.js'
import type {LoadingService} from '../../loading/apart/loading-service.js'
import {readHere} from '../../loading/create-loaders.js'

// The entry of the thread that `ApartReader` starts.
serveThread({
  load: ({type, name, bytes}) => readHere(type, {name, bytes}),
} satisfies LoadingService)
