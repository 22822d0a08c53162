/**
 * simple-peer's own browser build: it needs none of Node's modules, so it works unbundled and in any bundler.
 * `offerOptions` and `negotiate()` are what its documentation names for an ICE restart.
 */
declare module 'simple-peer/simplepeer.min.js' {
  import type { Instance, Options } from 'simple-peer';

  export interface SimplePeerInstance extends Instance {
    offerOptions: RTCOfferOptions;
    negotiate(): void;
  }
  const SimplePeer: new (options: Options) => SimplePeerInstance;
  export default SimplePeer;
}
