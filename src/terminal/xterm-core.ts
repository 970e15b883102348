/**
 * What is used of @xterm/headless's insides, version 6.0.0: cells, modes and the synchronous parse are not in its public API. The tests of
 * this folder check them, package.json pins the version.
 */
export type BufferLine = {
  constructor: new (cols: number) => BufferLine;
  length: number;
  isWrapped: boolean;
  _data: Uint32Array;
  _combined: Record<number, string>;
  _extendedAttrs: Record<number, { _ext: number; _urlId: number } | undefined>;
  copyFrom(line: BufferLine): void;
  copyCellsFrom(source: BufferLine, from: number, to: number, length: number, inReverse: boolean): void;
  clone(): BufferLine;
  /** True when more than half of its memory is unused afterwards. */
  resize(cols: number, fill: unknown): boolean;
  addCodepointToCell(col: number, codepoint: number, width: number): void;
  getWidth(col: number): number;
  getTrimmedLength(): number;
  hasContent(col: number): number;
  /** Of a combined cell the last code unit. */
  getCodePoint(col: number): number;
  setCellFromCodepoint(col: number, codepoint: number, width: number, attributes: Attributes): void;
  translateToString(trimRight: boolean, start: number, end: number): string;
};
export type Attributes = { fg: number; bg: number; extended: ExtendedAttributes; updateExtended(): void };
export type ExtendedAttributes = { _ext: number; urlId: number; clone(): ExtendedAttributes };
export type Print = (data: Uint32Array, start: number, end: number) => void;
export type ScreenBuffer = {
  lines: {
    readonly length: number;
    get(index: number): BufferLine | undefined;
    set(index: number, line: BufferLine): void;
    /** Makes the oldest line of a full list the newest one. */
    recycle(): BufferLine;
    onTrim(listener: (count: number) => void): { dispose(): void };
  };
  x: number;
  y: number;
  ybase: number;
  ydisp: number;
  scrollTop: number;
  scrollBottom: number;
  tabs: Record<number, boolean | undefined>;
  /** The saved cursor; the row counts from the first line of the scrollback. */
  savedX: number;
  savedY: number;
  savedCurAttrData: { fg: number; bg: number };
};
/** A sequence's parameters, as its handler gets them; they can be changed for the handlers after it. */
export type Params = {
  length: number;
  params: Int32Array;
  hasSubParams(index: number): boolean;
  getSubParams(index: number): Int32Array | null;
};
/** Takes a string piece by piece; `end` tells whether it came to its terminator. */
type OscHandler = {
  start(): void;
  put(data: Uint32Array, start: number, end: number): void;
  end(ended: boolean): boolean;
};
type DcsHandler = {
  hook(): void;
  put(data: Uint32Array, start: number, end: number): void;
  unhook(ended: boolean): boolean;
};
type DcsId = { intermediates: string; final: string };
export type XtermCore = {
  cols: number;
  rows: number;
  buffer: ScreenBuffer;
  buffers: { normal: ScreenBuffer; alt: ScreenBuffer };
  _bufferService: {
    cols: number;
    rows: number;
    buffer: ScreenBuffer;
    buffers: {
      active: ScreenBuffer;
      normal: ScreenBuffer;
      alt: ScreenBuffer;
      onBufferActivate(listener: (change: { activeBuffer: ScreenBuffer }) => void): void;
    };
    scroll(eraseAttributes: unknown, isWrapped?: boolean): void;
  };
  _charsetService: { charset: unknown; glevel: number; _charsets: unknown[]; setgLevel(level: number): void };
  unicodeService: {
    charProperties(codepoint: number, preceding: number): number;
    _activeProvider: { charProperties(codepoint: number, preceding: number): number };
  };
  _inputHandler: {
    parse(data: Uint8Array): void;
    _eraseAttrData(): unknown;
    _curAttrData: Attributes;
    _restrictCursor(maxCol?: number): void;
    _setCursor(x: number, y: number): void;
    _moveCursor(cols: number, rows: number): void;
    _eraseInBufferLine(y: number, start: number, end: number, clearWrap: boolean, respectProtect: boolean): void;
    _resetBufferLine(y: number, respectProtect?: boolean): void;
    // Called through the instance wherever the sequence is known: to replace them there replaces them everywhere.
    saveCursor(): boolean;
    restoreCursor(): boolean;
    softReset(params: Params): boolean;
    eraseInDisplay(params: Params, respectProtect?: boolean): boolean;
    reverseIndex(): boolean;
    cursorCharAbsolute(params: Params): boolean;
    charPosAbsolute(params: Params): boolean;
    selectCharset(collectAndFlag: string): boolean;
    setHyperlink(data: string): boolean;
    /** Of SGR 38, 48 and 58; how many more parameters it took. */
    _extractColor(params: Params, at: number, attributes: Attributes): number;
    screenAlignmentPattern(): boolean;
    scrollDown(params: Params): boolean;
    registerCsiHandler(id: { prefix?: string; final: string }, handler: (params: Params) => boolean): void;
    _parser: {
      _transitions: { add(code: number, state: number, action: number, next: number): void };
      _printHandler: Print;
      setPrintHandler(print: Print): void;
      precedingJoinState: number;
      clearOscHandler(code: number): void;
      registerOscHandler(code: number, handler: OscHandler): void;
      clearDcsHandler(id: DcsId): void;
      registerDcsHandler(id: DcsId, handler: DcsHandler): void;
    };
  };
  _oscLinkService: { addLineToLink(id: number, y: number): void };
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
      sendFocus: boolean;
      synchronizedOutput: boolean;
      wraparound: boolean;
    };
  };
  coreMouseService: { activeProtocol: string; activeEncoding: string };
};
