package graph

import "github.com/vektah/gqlparser/v2/ast"

// size is how large a selection is when its fragments are expanded. What lies
// below __schema and __type counts as introspection alone.
//
// Depth counts fields, nesting inline fragments and fragments too; top are the
// fields that are not within another; list is the longest literal one.
type size struct {
	depth, nesting, top, fields, aliases, directives, list int
	introspectionDepth, introspectionFields                int
}

// enough is where counting stops: fragments that fan out would overflow.
const enough = 1 << 20

// add is both selections side by side.
func (s size) add(o size) size {
	return size{
		depth:               max(s.depth, o.depth),
		nesting:             max(s.nesting, o.nesting),
		top:                 min(s.top+o.top, enough),
		fields:              min(s.fields+o.fields, enough),
		aliases:             min(s.aliases+o.aliases, enough),
		directives:          min(s.directives+o.directives, enough),
		list:                max(s.list, o.list),
		introspectionDepth:  max(s.introspectionDepth, o.introspectionDepth),
		introspectionFields: min(s.introspectionFields+o.introspectionFields, enough),
	}
}

// measurer sizes selections, each fragment once.
type measurer struct {
	doc       *ast.QueryDocument
	fragments map[string]*size // nil while being measured
	// cyclic is a fragment that includes itself; empty when there is none.
	cyclic string
}

func newMeasurer(doc *ast.QueryDocument) *measurer {
	return &measurer{doc: doc, fragments: map[string]*size{}}
}

// measure sizes a selection. It stops at a fragment that includes itself.
func (m *measurer) measure(set ast.SelectionSet) (total size) {
	for _, selection := range set {
		if m.cyclic != "" {
			return total
		}
		switch s := selection.(type) {
		case *ast.Field:
			total = total.add(m.field(s))
		case *ast.InlineFragment:
			total = total.add(within(m.measure(s.SelectionSet), s.Directives))
		case *ast.FragmentSpread:
			total = total.add(within(m.fragment(s.Name), s.Directives))
		}
	}
	return total
}

// within is a selection that a fragment surrounds.
func within(s size, directives ast.DirectiveList) size {
	s.nesting++
	return s.add(sizeOf(directives))
}

// sizeOf is the size of directives.
func sizeOf(directives ast.DirectiveList) size {
	s := size{directives: len(directives)}
	for _, d := range directives {
		s.list = max(s.list, longest(d.Arguments))
	}
	return s
}

// longest is the length of the longest list that is written out in arguments.
func longest(arguments ast.ArgumentList) (n int) {
	for _, a := range arguments {
		n = max(n, longestIn(a.Value))
	}
	return n
}

func longestIn(v *ast.Value) (n int) {
	if v == nil {
		return 0
	}
	if v.Kind == ast.ListValue {
		n = len(v.Children)
	}
	for _, child := range v.Children {
		n = max(n, longestIn(child.Value))
	}
	return n
}

func (m *measurer) field(f *ast.Field) size {
	s := m.measure(f.SelectionSet)
	s.depth++
	s.nesting++
	s.fields++
	s.top = 1
	if f.Name == "__schema" || f.Name == "__type" {
		s.introspectionDepth = max(s.introspectionDepth, s.depth)
		s.introspectionFields += s.fields
		s.depth, s.fields = 1, 1
	}
	if f.Alias != f.Name {
		s.aliases++
	}
	s.list = max(s.list, longest(f.Arguments))
	return s.add(sizeOf(f.Directives))
}

// fragment sizes a fragment when it is met first.
func (m *measurer) fragment(name string) size {
	if s, seen := m.fragments[name]; seen {
		if s == nil {
			m.cyclic = name
			return size{}
		}
		return *s
	}
	definition := m.doc.Fragments.ForName(name)
	if definition == nil {
		return size{top: 1, fields: 1} // the validator's to refuse
	}
	m.fragments[name] = nil
	s := m.measure(definition.SelectionSet).add(sizeOf(definition.Directives))
	m.fragments[name] = &s
	return s
}

// document sizes all operations of a document, and the fragments that none of
// them uses, since the validator looks at those too. Its top is that of the
// operation with the most.
func (m *measurer) document() (total size) {
	top := 0
	for _, op := range m.doc.Operations {
		s := m.measure(op.SelectionSet).add(sizeOf(op.Directives))
		for _, v := range op.VariableDefinitions {
			s = s.add(sizeOf(v.Directives))
			s.list = max(s.list, longestIn(v.DefaultValue))
		}
		top = max(top, s.top)
		total = total.add(s)
	}
	for _, f := range m.doc.Fragments {
		if _, used := m.fragments[f.Name]; !used {
			total = total.add(m.fragment(f.Name))
		}
	}
	total.top = top
	return total
}
