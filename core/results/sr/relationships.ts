import type { Dataset } from '../../dicom/index.ts';

/** Plain values, which may be observation or acquisition context. */
type Value = 'TEXT' | 'CODE' | 'NUM' | 'DATETIME' | 'UIDREF' | 'PNAME' | 'COMPOSITE';

/** What may be said of a statement: its context, what narrows its name down, and what it was inferred from. */
interface OfStatement {
  readonly 'HAS OBS CONTEXT': Value;
  readonly 'HAS CONCEPT MOD': 'TEXT' | 'CODE';
  readonly 'INFERRED FROM': Value | 'IMAGE' | 'SCOORD' | 'SCOORD3D' | 'CONTAINER';
}

/**
 * By-value relationships of a Comprehensive 3D SR (PS3.3 table A.35.13-2), as far as we write them: what may stand below
 * an item of a value type, by relationship. A tree that breaks it does not compile.
 */
interface Relationships {
  readonly CONTAINER: {
    readonly CONTAINS: Value | 'IMAGE' | 'SCOORD' | 'SCOORD3D' | 'CONTAINER';
    readonly 'HAS OBS CONTEXT': Value;
    readonly 'HAS ACQ CONTEXT': Value | 'CONTAINER';
    readonly 'HAS CONCEPT MOD': 'TEXT' | 'CODE';
  };
  readonly CODE: OfStatement;
  readonly NUM: OfStatement;
  readonly SCOORD: { readonly 'SELECTED FROM': 'IMAGE' };
}

/** A content item (PS3.3 C.17.3), ready to be written, with the relationship to what it stands below. */
export type ContentItem<R extends string = string, T extends string = string> = Dataset & {
  readonly RelationshipType: R;
  readonly ValueType: T;
};

type Below<Rows> = { readonly [R in keyof Rows & string]: ContentItem<R, Rows[R] & string> }[keyof Rows & string];

/** What may stand below an item of the value type. */
export type RowOf<T extends keyof Relationships> = Below<Relationships[T]>;
