# Gives EXAMPLE, which is parse_register, a message of each kind and checks every byte it prints.

function(expect input exit_code out err)
  execute_process(COMMAND ${EXAMPLE} INPUT_FILE ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/messages/${input}
                  RESULT_VARIABLE got_code OUTPUT_VARIABLE got_out ERROR_VARIABLE got_err)
  if(NOT "${got_code}|${got_out}|${got_err}" STREQUAL "${exit_code}|${out}|${err}")
    message(FATAL_ERROR "${input}: exit code ${got_code}\n${got_out}${got_err}")
  endif()
endfunction()

expect(register 0 "sip:alice@example.com
  sip:alice@192.0.2.7:5060 for 600 s
  sips:alice@[2001:db8::7] for 60 s
" "")
expect(remove_all 0 "sip:alice@example.com\n  all of them gone\n" "")
expect(two_call_ids 1 "" "byte 215: header field doubled that may stand once\n")
expect(options 1 "" "no REGISTER\n")
