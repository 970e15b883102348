/**
 * What is used of @xterm/headless's insides, version 6.0.0: cells, modes and the synchronous parse are not in its public API. The tests of
 * this folder check them, package.json pins the version.
 */
export type BufferLine = {
  length: number;
  isWrapped: boolean;
  _data: Uint32Array;
  _combined: Record<number, string>;
  _extendedAttrs: Record<number, { _ext: number; _urlId: number } | undefined>;
  copyFrom(line: BufferLine): void;
  getWidth(col: number): number;
  hasContent(col: number): number;
  setCellFromCodepoint(col: number, codepoint: number, width: number, attributes: Attributes): void;
  translateToString(trimRight: boolean, start: number, end: number): string;
};
export type Attributes = { fg: number; bg: number; extended: { _ext: number; urlId: number } };
export type Print = (data: Uint32Array, start: number, end: number) => void;
export type ScreenBuffer = {
  lines: {
    readonly length: number;
    get(index: number): BufferLine | undefined;
    /** Makes the oldest line of a full list the newest one. */
    recycle(): BufferLine;
    onTrim(listener: (count: number) => void): { dispose(): void };
  };
  addMarker(index: number): { line: number; isDisposed: boolean; dispose(): void };
  x: number;
  y: number;
  ybase: number;
  scrollTop: number;
  scrollBottom: number;
};
export type XtermCore = {
  cols: number;
  rows: number;
  buffer: ScreenBuffer;
  _bufferService: {
    cols: number;
    buffer: ScreenBuffer;
    buffers: { active: ScreenBuffer; normal: ScreenBuffer; alt: ScreenBuffer };
    scroll(eraseAttributes: unknown): void;
  };
  _charsetService: { charset: unknown };
  unicodeService: { charProperties(codepoint: number, preceding: number): number };
  _inputHandler: {
    parse(data: Uint8Array): void;
    _eraseAttrData(): unknown;
    _curAttrData: Attributes;
    _parser: {
      _transitions: { add(code: number, state: number, action: number, next: number): void };
      _printHandler: Print;
      setPrintHandler(print: Print): void;
      precedingJoinState: number;
    };
  };
  _oscLinkService: { getLinkData(id: number): { uri: string } | undefined };
  coreService: {
    isCursorHidden: boolean;
    modes: { insertMode: boolean };
    decPrivateModes: {
      applicationCursorKeys: boolean;
      applicationKeypad: boolean;
      bracketedPasteMode: boolean;
      cursorBlink: boolean | undefined;
      cursorStyle: 'block' | 'underline' | 'bar' | undefined;
      origin: boolean;
      synchronizedOutput: boolean;
    };
  };
  coreMouseService: { activeProtocol: string; activeEncoding: string };
};
