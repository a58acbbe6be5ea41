/** Anything a service keeps: an id that is unique in its collection, and plain JSON. */
export interface Entity {
  readonly id: string;
}

/** One change of a collection, as plain JSON: an entity as it is now, the id of one that is gone, or all there are now. */
export type Change =
  | { readonly in: string; readonly put: Entity }
  | { readonly in: string; readonly gone: string }
  | { readonly in: string; readonly all: readonly Entity[] };

/**
 * One kind of thing that a service keeps, by id, in the order of insertion.
 * What goes in and what comes out is never shared with the caller: a handler that changes an entity without `update`
 * changes nothing.
 */
export class Collection<T extends Entity> {
  readonly name: string;
  readonly #onChange: (change: Change) => void;
  #items = new Map<string, T>();
  /** For each property that was asked by: the ids under each of its values. */
  readonly #indexes = new Map<PropertyKey, Map<unknown, Set<string>>>();

  /** @param onChange told of each change after it; it must neither keep nor change what it is given */
  constructor(name: string, onChange: (change: Change) => void = () => {}) {
    this.name = name;
    this.#onChange = onChange;
  }

  /** Adds an entity. An id that is there already is a mistake of the emulator, not of its user. */
  insert(entity: T): T {
    if (this.#items.has(entity.id)) throw new Error(`${this.name}: ${entity.id} exists already`);
    this.#put(structuredClone(entity));
    return structuredClone(entity);
  }

  get(id: string): T | undefined {
    const found = this.#items.get(id);
    return found && structuredClone(found);
  }

  find(matches: (entity: T) => boolean): T | undefined {
    for (const entity of this.#items.values()) if (matches(entity)) return structuredClone(entity);
    return undefined;
  }

  /** The entities whose property has this value, found without a look at the others. */
  where<K extends keyof T>(property: K, value: T[K]): T[] {
    const ids = this.#index(property).get(value) ?? [];
    return [...ids].map((id) => structuredClone(this.#items.get(id) as T));
  }

  filter(matches: (entity: T) => boolean): T[] {
    return [...this.#items.values()].filter(matches).map((entity) => structuredClone(entity));
  }

  all(): T[] {
    return this.filter(() => true);
  }

  /** Replaces the named properties of an entity and returns the whole. The id stays. */
  update(id: string, changes: Partial<Omit<T, "id">>): T {
    const before = this.#items.get(id);
    if (!before) throw new Error(`${this.name}: ${id} does not exist`);
    const after = { ...before, ...structuredClone(changes) };
    this.#put(after);
    return structuredClone(after);
  }

  /** Removes an entity; says whether there was one. */
  delete(id: string): boolean {
    const was = this.#items.get(id);
    if (was === undefined) return false;
    for (const [property, index] of this.#indexes) removeFrom(index, was[property as keyof T], id);
    this.#items.delete(id);
    this.#onChange({ in: this.name, gone: id });
    return true;
  }

  deleteWhere(matches: (entity: T) => boolean): void {
    for (const entity of this.filter(matches)) this.delete(entity.id);
  }

  /** Forgets everything and takes the given entities instead. */
  replaceAll(entities: readonly T[]): void {
    this.#items = new Map(entities.map((entity) => [entity.id, structuredClone(entity)]));
    this.#indexes.clear();
    this.#onChange({ in: this.name, all: entities });
  }

  /** Makes a change that a collection of this name once told of. */
  apply(change: Change): void {
    if ("put" in change) this.#put(structuredClone(change.put) as T);
    else if ("gone" in change) this.delete(change.gone);
    else this.replaceAll(change.all as readonly T[]);
  }

  /** All entities, for `JSON.stringify` alone: they are not copies. */
  toJSON(): readonly T[] {
    return [...this.#items.values()];
  }

  #index(property: keyof T): Map<unknown, Set<string>> {
    const known = this.#indexes.get(property);
    if (known !== undefined) return known;
    const made = new Map<unknown, Set<string>>();
    for (const entity of this.#items.values()) addTo(made, entity[property], entity.id);
    this.#indexes.set(property, made);
    return made;
  }

  #put(entity: T): void {
    const before = this.#items.get(entity.id);
    for (const [name, index] of this.#indexes) {
      const property = name as keyof T;
      if (before !== undefined && before[property] === entity[property]) continue;
      if (before !== undefined) removeFrom(index, before[property], entity.id);
      addTo(index, entity[property], entity.id);
    }
    this.#items.set(entity.id, entity);
    this.#onChange({ in: this.name, put: entity });
  }
}

function addTo(index: Map<unknown, Set<string>>, value: unknown, id: string): void {
  const ids = index.get(value);
  if (ids === undefined) index.set(value, new Set([id]));
  else ids.add(id);
}

function removeFrom(index: Map<unknown, Set<string>>, value: unknown, id: string): void {
  const ids = index.get(value);
  ids?.delete(id);
  if (ids?.size === 0) index.delete(value);
}

/** Every collection of the store by name, as plain JSON. */
export type Snapshot = Readonly<Record<string, readonly Entity[]>>;

/** All that the emulated services know. It can be written to a file and read back. */
export class Store {
  readonly #collections = new Map<string, Collection<Entity>>();
  #onChange: (change: Change) => void = () => {};

  /** Has `onChange` told of each change from now on, after it; it must neither keep nor change what it is given. */
  observe(onChange: (change: Change) => void): void {
    this.#onChange = onChange;
  }

  /** The collection of that name, e.g. `graph.applications`; made when it is asked for first. */
  collection<T extends Entity>(name: string): Collection<T> {
    let found = this.#collections.get(name);
    if (!found) {
      found = new Collection<Entity>(name, (change) => this.#onChange(change));
      this.#collections.set(name, found);
    }
    return found as unknown as Collection<T>;
  }

  snapshot(): Snapshot {
    return Object.fromEntries([...this.#collections].map(([name, collection]) => [name, collection.all()]));
  }

  /** What `JSON.stringify` writes of it: as the snapshot, without a copy of everything first. */
  toJSON(): Readonly<Record<string, Collection<Entity>>> {
    return Object.fromEntries(this.#collections);
  }

  /** Makes a change that a store once told of. */
  apply(change: Change): void {
    this.collection(change.in).apply(change);
  }

  /** Makes the store what it was at the snapshot; collections that the snapshot does not name are emptied. */
  restore(snapshot: Snapshot): void {
    for (const [name, collection] of this.#collections) if (!(name in snapshot)) collection.replaceAll([]);
    for (const [name, entities] of Object.entries(snapshot)) this.collection(name).replaceAll(entities);
  }
}
