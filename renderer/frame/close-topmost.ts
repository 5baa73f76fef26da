import { useCase } from '../stores/case';
import { closeRaw, showRawTool, useDrawer } from '../stores/drawer';
import { inspectorShown, useLayout } from '../stores/layout';
import { select, useNavigation } from '../stores/navigation';

/** Closes what lies on top: the raw viewer's tool, the floating inspector, the drawer, the selection. */
export function closeTopmost(): void {
  if (useCase.getState().failure !== null) {
    useCase.setState({ failure: null });
    return;
  }
  if (useCase.getState().nodesShown) {
    useCase.setState({ nodesShown: false });
    return;
  }
  const drawer = useDrawer.getState();
  const layout = useLayout.getState();
  const selected = useNavigation.getState().walk.present.selection !== null;
  if (drawer.tool !== 'none') showRawTool('none');
  else if (layout.narrow && layout.floating) layout.closeInspector();
  else if (drawer.target !== null) closeRaw();
  else if (selected && inspectorShown(layout)) select(null);
}
