// Tells VS Code how to start the adapter. Everything else is in package.json.

const vscode = require('vscode');

exports.activate = (context) => {
  const factory = {
    createDebugAdapterDescriptor() {
      const path = vscode.workspace.getConfiguration('wasmgdb').get('path', 'wasmgdb');
      return new vscode.DebugAdapterExecutable(path, ['dap']);
    },
  };
  context.subscriptions.push(vscode.debug.registerDebugAdapterDescriptorFactory('wasmgdb', factory));
};
