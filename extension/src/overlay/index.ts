export { boxedFindings, isLesion, type LayerId } from './layers.ts';
export { createPresenter, type Presentation, type Presenter } from './presenter.ts';
