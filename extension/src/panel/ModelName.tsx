import type { CatalogueModel } from '../analysis/index.ts';
import { text } from '../text/index.ts';

/** Title and version: never one without the other. */
export function ModelName({ model }: { readonly model: CatalogueModel }) {
  const { title, version } = model.manifest;
  return (
    <div>
      <span className="ovr-title">{title}</span>{' '}
      <span className="ovr-quiet">{text('models.version', { version })}</span>
    </div>
  );
}
