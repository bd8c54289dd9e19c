import {namedFiles, versionFolder} from '../corpus/corpus-folders.js'
import {embedCorpus} from '../embedding/embed-corpus.js'
import {replaceSegments} from '../indexing/replace-segments.js'
import type {CallOptions} from '../model/operations/call.js'
import type {PurgePlan} from './plan-purge.js'
import type {PurgeNeeds, PurgeRun} from './purge-needs.js'

/** Executes a plan: versions go, segments are written anew, the model is learned anew, and files that no row names go. */
export async function clearFiles(
  services: PurgeNeeds,
  {store, corpus, lease}: PurgeRun,
  {dropVersions, dropStaged, rewrite, relearn}: Omit<PurgePlan, 'segments'>,
  call: CallOptions,
): Promise<void> {
  for (const {id} of dropVersions) await store.dropEmbeddingVersion(id, lease)
  for (const {versionId, ids} of dropStaged) await store.stageSegments(versionId, {add: [], drop: ids}, lease)
  for (const {version, segments} of rewrite)
    await replaceSegments(
      {store, files: services.indexFiles, builder: await services.index.builder()},
      {version, folder: versionFolder(corpus, version), replace: segments, lease},
    )
  if (relearn) await embedCorpus(services, {corpus, lease}, {refit: true, isSole: true}, call)
  const {folder, segments, models} = await namedFiles(store, corpus)
  await services.indexFiles.vacuum(folder, segments, {evenSetAside: true})
  await services.modelFiles.vacuum(folder, models, {evenSetAside: true})
}
