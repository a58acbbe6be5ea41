/** What the command lines of `feedpass report` said. */

export interface MatrixOptions {
  readonly changedSince?: string;
  readonly stacks?: readonly string[];
  readonly edited?: true;
  readonly each?: true;
  readonly after?: string;
  readonly perShard: number;
}

export interface CommentOptions {
  readonly changedSince: string;
  readonly head?: string;
  readonly pullRequest?: number;
  readonly print?: true;
}

export interface OutdatedOptions {
  readonly pullRequest: number;
}

export interface IssuesOptions {
  readonly print?: true;
}
