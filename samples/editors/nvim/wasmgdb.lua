-- wasm coredumps in nvim-dap: put this into your configuration, then :DapContinue in a source file.
local dap = require('dap')

dap.adapters.wasmgdb = { type = 'executable', command = 'wasmgdb', args = { 'dap' } }

local function ask(what, start)
  return vim.fn.input({ prompt = what .. ': ', default = start, completion = 'file', cancelreturn = '' })
end

-- Called when it is chosen, so that the files are asked for in this order.
local coredump = setmetatable({ type = 'wasmgdb', request = 'attach', name = 'wasm coredump' }, {
  __call = function(config)
    local core = ask('Coredump', vim.fn.getcwd() .. '/')
    -- Without a module, the one beside the dump is taken.
    local module = core ~= '' and ask('Module (may be left out)', vim.fn.fnamemodify(core, ':h') .. '/') or ''
    if core == '' then
      return vim.tbl_extend('error', config, { coreFile = require('dap').ABORT })
    end
    if vim.fn.isdirectory(module) == 1 then
      module = ''
    end
    return vim.tbl_extend('error', config, { coreFile = core, program = module })
  end,
})

for _, language in ipairs({ 'c', 'cpp', 'rust', 'zig' }) do
  dap.configurations[language] = dap.configurations[language] or {}
  table.insert(dap.configurations[language], coredump)
end
