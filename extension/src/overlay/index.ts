export { boxedFindings, isLesion, type LayerId } from './layers.ts';
export { createPresenter, type Presentation } from './presenter.ts';
export { createMarkingPresenter, type ShownMarking } from './marking-presenter.ts';
export { createOthersPresenter, type ShownOther } from './others-presenter.ts';
