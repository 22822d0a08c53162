/**
 * simple-peer's own browser build: it needs no Node modules, so it works unbundled and with any bundler.
 * `offerOptions` and `negotiate()` are documented by simple-peer for ICE restarts.
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
