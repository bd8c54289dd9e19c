import {indexModuleMissing} from '../../model/errors/store/index-files.js'
import type {HierarchicalNSW} from 'hnswlib-node'

/** The part of the native module that is used. */
export interface NativeModule {
  readonly HierarchicalNSW: typeof HierarchicalNSW
}

const importNative = async (): Promise<NativeModule> => (await import('hnswlib-node')).default

/** Loads the native module when it is first needed. @throws RagError NATIVE_MODULE_MISSING */
export async function loadNativeModule(
  load: () => Promise<NativeModule> = importNative,
): Promise<NativeModule> {
  try {
    return await load()
  } catch (error) {
    throw indexModuleMissing(error)
  }
}

/** Gives an index's memory back at once: the collector does not see how large it is. */
export function releaseIndex(index: HierarchicalNSW): void {
  index.initIndex(1)
}
