-- wasm coredumps in nvim-dap: put this into your configuration, then :DapContinue in a source file.
local dap = require('dap')

dap.adapters.wasmgdb = { type = 'executable', command = 'wasmgdb', args = { 'dap' } }

local function ask(what)
  return function()
    return vim.fn.input(what .. ': ', vim.fn.getcwd() .. '/', 'file')
  end
end

local coredump = {
  type = 'wasmgdb',
  request = 'attach',
  name = 'wasm coredump',
  program = ask('Module'),
  coreFile = ask('Coredump'),
}

for _, language in ipairs({ 'c', 'cpp', 'rust', 'zig' }) do
  dap.configurations[language] = dap.configurations[language] or {}
  table.insert(dap.configurations[language], coredump)
end
