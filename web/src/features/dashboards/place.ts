import type { DashboardContent, Panel } from '../../api/dashboards';
import type { Formatter } from '../../domain/format';
import type { Scope } from '../../domain/scope';
import type { Moment } from './use-moment';
import type { Brought } from './use-panel';

/** What a panel stands in. */
export interface PanelPlace {
  selectors: DashboardContent['selectors'];
  scope: Scope;
  moment: Moment;
  onZoom: (fromMs: number, toMs: number) => void;
  onBack: () => void;
  onScope: (scope: Scope) => void;
}

/** What a panel draws. */
export interface BodyProps {
  panel: Panel;
  brought: Brought[];
  format: Formatter;
}
