/** What media can refuse, as one error class with a code. */

const MEDIA_ERROR_CODES = {
  'media-closed': 'The worker is closed or died. Start media again.',
  'media-unknown-room': 'The room was not opened, or was closed.',
  'media-room-exists': 'The room is open already.',
  'media-wrong-answer':
    'A webrtc offer is answered with a fingerprint, an rtp offer with a sink on a loopback address (127.x).',
  'media-no-worker': 'The media worker does not start. Build it: node setup/bootstrap.js start',
  'media-no-port': 'The UDP port is taken. Choose another one, or 0 for a free one.',
} as const;
export type MediaErrorCode = keyof typeof MEDIA_ERROR_CODES;

export class MediaError extends Error {
  readonly code: MediaErrorCode;

  constructor(code: MediaErrorCode, what: string, options?: ErrorOptions) {
    super(`${what}: ${MEDIA_ERROR_CODES[code]}`, options);
    this.name = 'MediaError';
    this.code = code;
  }
}
