# Tells the package "Debugger" of Sublime Text how to start the adapter. Put this file into Packages/User.

from Debugger.modules import dap


class Wasmgdb(dap.Adapter):
    type = "wasmgdb"

    async def start(self, console, configuration):
        return dap.StdioTransport([configuration.get("wasmgdb", "wasmgdb"), "dap"])
