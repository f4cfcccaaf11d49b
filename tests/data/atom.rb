# Reads Atom feeds with Ruby's RSS library, which knows what RFC 4287 asks for
# and, told so, takes neither less nor more. Prints what it refuses.
#
#     ruby atom.rb FILE...

require "rss"

ARGV.each do |file|
  RSS::Parser.parse(File.read(file), validate: true, ignore_unknown_element: false) or
    puts "#{file}: no feed"
rescue RSS::Error => error
  puts "#{file}: #{error.message}"
end
