/** The little of dcmjs that the demo uses: its data dictionary. */
declare module 'dcmjs' {
  interface DictionaryEntry {
    readonly tag: string;
    readonly vr: string;
  }
  const dcmjs: { data: { DicomMetaDictionary: { nameMap: Record<string, DictionaryEntry | undefined> } } };
  export default dcmjs;
}
